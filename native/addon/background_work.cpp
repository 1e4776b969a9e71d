#include "background_work.hpp"

#include <system_error>

#include "answer.hpp"
#include "environment.hpp"

namespace tapbook {

void BackgroundWork::start(Napi::Env env, Napi::Value onProgress) {
  deferred_.emplace(env);
  if (onProgress.IsFunction()) onProgress_ = Napi::Persistent(onProgress.As<Napi::Function>());
  const auto nothing = Napi::Function::New(env, [](const Napi::CallbackInfo&) {});
  announcements_ = Announcements::New(
      env, nothing, "tapbook background work", 0, 1, new Recipient{weak_from_this()},
      [](Napi::Env, void*, Recipient* recipient) { delete recipient; }, static_cast<void*>(nullptr));
  Environment::of(env).registry.add(shared_from_this());
  try {
    thread_ = std::thread([this] {
      run();
      hasEnded_ = true;
      // Nobody waits for this one to be fetched, so it is made whether or not another one is under way.
      announcements_->NonBlockingCall(nullptr);
    });
  } catch (const std::system_error& failure) {
    // There is nothing to join, and nobody who would end the announcements, which keep the process alive.
    isClosed_ = true;
    announcements_->Release();
    onProgress_.Reset();
    Environment::of(env).registry.close(shared_from_this());
    throw Error(failure.code().value(), "start a thread");
  }
}

void BackgroundWork::close() {
  if (isClosed_) return;
  isClosed_ = true;
  cancel();
  thread_.join();
  announcements_->Release();
  onProgress_.Reset();
}

void BackgroundWork::advance() {
  steps_++;
  // One announcement tells all steps since the last: thousands of steps must not flood JavaScript's thread.
  if (!isAnnounced_.exchange(true)) announcements_->NonBlockingCall(nullptr);
}

void BackgroundWork::arrive(Napi::Env env, Napi::Function, Recipient* recipient, void*) {
  // Without an environment there is nobody to tell.
  if (static_cast<napi_env>(env) == nullptr) return;
  const std::shared_ptr<BackgroundWork> work = recipient->work.lock();
  if (work == nullptr || work->isClosed_) return;
  work->isAnnounced_ = false;
  const bool hasEnded = work->hasEnded_;
  try {
    work->tell(env);
  } catch (const Napi::Error&) {
    if (hasEnded) work->settle(env);
    throw;
  }
  if (hasEnded) work->settle(env);
}

void BackgroundWork::tell(Napi::Env env) {
  const std::size_t steps = steps_;
  if (steps == told_ || onProgress_.IsEmpty()) return;
  told_ = steps;
  onProgress_.Value().Call({Napi::Number::New(env, static_cast<double>(steps))});
}

void BackgroundWork::settle(Napi::Env env) {
  try {
    const Napi::Value value = answering(env, [&] { return result(env); });
    Environment::of(env).registry.close(shared_from_this());
    deferred_->Resolve(value);
  } catch (const Napi::Error& error) {
    Environment::of(env).registry.close(shared_from_this());
    deferred_->Reject(error.Value());
  }
}

}  // namespace tapbook
