#pragma once

#include <napi.h>

#include <atomic>
#include <memory>
#include <optional>
#include <thread>

#include "registry.hpp"

namespace tapbook {

/**
 * Work of many steps on a thread of its own, with a promise for its end and a JavaScript function that hears how far it
 * is. The kernel takes up to a tenth of a second to let go of an event; nobody is to wait for that in the thread that
 * serves everything else.
 *
 * The registry holds it while it works, and an environment that ends waits for it.
 */
class BackgroundWork : public Handle, public std::enable_shared_from_this<BackgroundWork> {
 public:
  ~BackgroundWork() override = default;

  /** Begins; `onProgress` may be undefined. Call once, and for an object that is in a shared pointer. */
  void start(Napi::Env env, Napi::Value onProgress);
  Napi::Promise promise() const { return deferred_->Promise(); }

  /** Asks the work to end early; it undoes what it has done. */
  void cancel() { cancelled_ = true; }
  /** Cancels, and waits for the thread. */
  void close() override;

 protected:
  /** All of the work, in its own thread: without JavaScript, and without exceptions. */
  virtual void run() = 0;
  /** Makes the promise's value, when `run` has ended; what it throws the promise is rejected with. */
  virtual Napi::Value result(Napi::Env env) = 0;

  bool isCancelled() const { return cancelled_; }
  void advance();

 private:
  /** Outlives the work, for an announcement that arrives after it. */
  struct Recipient {
    std::weak_ptr<BackgroundWork> work;
  };
  static void arrive(Napi::Env env, Napi::Function callback, Recipient* recipient, void* nothing);
  using Announcements = Napi::TypedThreadSafeFunction<Recipient, void, &BackgroundWork::arrive>;

  void announce();
  void tell(Napi::Env env);
  void settle(Napi::Env env);

  std::optional<Napi::Promise::Deferred> deferred_;
  Napi::FunctionReference onProgress_;
  std::optional<Announcements> announcements_;
  std::thread thread_;
  std::atomic<bool> cancelled_{false};
  std::atomic<bool> hasEnded_{false};
  std::atomic<bool> isAnnounced_{false};
  std::atomic<std::size_t> steps_{0};
  std::size_t told_ = 0;
  bool isClosed_ = false;
};

}  // namespace tapbook
