#include "delivery.hpp"

#include <algorithm>
#include <cerrno>

#include "../engine/error.hpp"

namespace tapbook {

Delivery::Delivery(std::string name, Napi::Function callback)
    : name_(std::move(name)), callback_(Napi::Persistent(callback)) {}

std::shared_ptr<Delivery> Delivery::open(Napi::Env env, const Map& map, Napi::Function callback) {
  std::shared_ptr<Delivery> delivery(new Delivery(map.options().name, callback));
  auto* recipient = new Recipient{delivery};
  delivery->announcements_ = Announcements::New(
      env, callback, "tapbook ring buffer", 0, 1, recipient,
      [](Napi::Env, void*, Recipient* recipient) { delete recipient; }, static_cast<void*>(nullptr));
  // A trace has its own reasons to keep the process alive; an open ring buffer is none.
  delivery->announcements_->Unref(env);
  Delivery* target = delivery.get();
  try {
    delivery->ring_.emplace(map, [target] {
      if (target->announcementsEnded_) return;
      if (target->announcements_->NonBlockingCall(nullptr) == napi_closing) target->announcementsEnded_ = true;
    });
  } catch (...) {
    delivery->announcements_->Release();
    throw;
  }
  return delivery;
}

void Delivery::close() {
  if (isClosed_) return;
  isClosed_ = true;
  ring_->stop();
  // Its memory and its hold on the kernel's map go now, not when the JavaScript object is collected.
  ring_.reset();
  if (!announcementsEnded_) announcements_->Release();
  callback_.Reset();
}

void Delivery::arrive(Napi::Env env, Napi::Function, Recipient* recipient, void*) {
  // Without an environment there is nobody to hand to.
  if (static_cast<napi_env>(env) == nullptr) return;
  const std::shared_ptr<Delivery> delivery = recipient->delivery.lock();
  if (delivery != nullptr) delivery->deliver(env);
}

void Delivery::deliver(Napi::Env env) {
  if (isClosed_) return;
  const bool isFlood = ring_->take(records_);
  try {
    if (isFlood) deliverInNextTurn(env);
    handOver(env);
  } catch (const Napi::Error& error) {
    warn(env, error);
  }
}

void Delivery::deliverInNextTurn(Napi::Env env) {
  if (isTurnBooked_) return;
  isTurnBooked_ = true;
  // Announcements that follow each other closely are all served in one turn of the event loop.
  const std::weak_ptr<Delivery> later = weak_from_this();
  const auto turn = Napi::Function::New(env, [later](const Napi::CallbackInfo& info) {
    const std::shared_ptr<Delivery> delivery = later.lock();
    if (delivery == nullptr) return;
    delivery->isTurnBooked_ = false;
    delivery->deliver(info.Env());
  });
  env.Global().Get("setImmediate").As<Napi::Function>().Call({turn});
}

void Delivery::handOver(Napi::Env env) {
  if (records_.empty()) return;
  auto batch = Napi::Uint8Array::New(env, records_.size());
  std::copy(records_.begin(), records_.end(), batch.Data());
  callback_.Value().Call({batch});
}

void Delivery::warn(Napi::Env env, const Napi::Error& error) const {
  // JavaScript that is being stopped cannot run this either; there is nobody left to tell.
  try {
    const Napi::Value stack = error.Value().Get("stack");
    const std::string text = stack.IsString() ? stack.As<Napi::String>().Utf8Value() : error.Message();
    const auto process = env.Global().Get("process").As<Napi::Object>();
    const std::string sentence = "the callback of ring buffer " + quoted(name_) + " failed: " + text;
    process.Get("emitWarning").As<Napi::Function>().Call(process, {Napi::String::New(env, sentence)});
  } catch (const Napi::Error&) {
    return;
  }
}

void Delivery::drain(Napi::Env env) {
  if (isClosed_) throw Error(EBADF, "drain ring buffer " + quoted(name_) + ", which is closed");
  const std::shared_ptr<Delivery> alive = shared_from_this();
  const RingBuffer::Position end = ring_->end();
  std::optional<Napi::Error> first;
  while (!isClosed_) {
    const Napi::HandleScope scope(env);
    if (ring_->takeUntil(end, records_)) deliverInNextTurn(env);
    if (records_.empty()) break;
    try {
      handOver(env);
    } catch (const Napi::Error& error) {
      if (!first) first = error;
    }
  }
  if (first) throw *first;
}

}  // namespace tapbook
