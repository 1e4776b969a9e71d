#pragma once

#include <napi.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../engine/ring_buffer.hpp"
#include "registry.hpp"

namespace tapbook {

/**
 * Brings the records of a ring buffer to a JavaScript function.
 *
 * The ring's thread only ever announces, without blocking, that records wait; the JavaScript thread fetches them. So
 * neither waits for the other, and closing, which joins the ring's thread, cannot deadlock.
 */
class Delivery final : public Handle, public std::enable_shared_from_this<Delivery> {
 public:
  static std::shared_ptr<Delivery> open(Napi::Env env, const Map& map, Napi::Function callback);

  /** Hands over what is in the ring now; then throws what the callback threw first. */
  void drain(Napi::Env env);
  void close() override;

 private:
  /** Outlives the delivery, for an announcement that arrives after it. */
  struct Recipient {
    std::weak_ptr<Delivery> delivery;
  };
  static void arrive(Napi::Env env, Napi::Function callback, Recipient* recipient, void* nothing);
  using Announcements = Napi::TypedThreadSafeFunction<Recipient, void, &Delivery::arrive>;

  Delivery(std::string name, Napi::Function callback);
  /** Hands over what waits; while much does, once in a turn of the event loop, so that everything else gets its own. */
  void deliver(Napi::Env env);
  void deliverInNextTurn(Napi::Env env);
  void handOver(Napi::Env env);
  void warn(Napi::Env env, const Napi::Error& error) const;

  std::string name_;
  Napi::FunctionReference callback_;
  std::optional<Announcements> announcements_;
  // Set by the ring's thread when JavaScript's environment is ending: then the function is gone and must not be used.
  std::atomic<bool> announcementsEnded_{false};
  std::optional<RingBuffer> ring_;
  std::vector<std::uint8_t> records_;
  bool isTurnBooked_ = false;
  bool isClosed_ = false;
};

}  // namespace tapbook
