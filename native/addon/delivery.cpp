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
  if (!announcementsEnded_) announcements_->Release();
  callback_.Reset();
}

void Delivery::arrive(Napi::Env env, Napi::Function, Recipient* recipient, void*) {
  // Without an environment there is nobody to hand to.
  if (static_cast<napi_env>(env) == nullptr) return;
  const std::shared_ptr<Delivery> delivery = recipient->delivery.lock();
  if (delivery == nullptr || delivery->isClosed_) return;
  delivery->ring_->take(delivery->records_);
  try {
    delivery->handOver(env);
  } catch (const Napi::Error& error) {
    delivery->warn(env, error);
  }
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
    ring_->takeUntil(end, records_);
    if (records_.empty()) break;
    const Napi::HandleScope scope(env);
    try {
      handOver(env);
    } catch (const Napi::Error& error) {
      if (!first) first = error;
    }
  }
  if (first) throw *first;
}

}  // namespace tapbook
