#include "many_links.hpp"

#include <cerrno>
#include <variant>

#include "attachment.hpp"
#include "background_work.hpp"
#include "link_object.hpp"
#include "program_object.hpp"

namespace tapbook {
namespace {

/** One program at one place, and what came of it. */
struct Attaching {
  std::shared_ptr<const Program> program;
  Attachment attach;
  std::variant<std::monostate, Link, Error> outcome;
};

class AttachWork final : public BackgroundWork {
 public:
  explicit AttachWork(std::vector<Attaching> attachings) : attachings_(std::move(attachings)) {}

 private:
  void run() override {
    for (Attaching& attaching : attachings_) {
      if (isCancelled()) break;
      try {
        attaching.outcome.emplace<Link>(attaching.attach(*attaching.program));
      } catch (const Error& refusal) {
        attaching.outcome.emplace<Error>(refusal);
      } catch (const std::exception& failure) {
        attaching.outcome.emplace<Error>(EINVAL, failure.what());
      }
      advance();
    }
    if (!isCancelled()) return;
    while (!attachings_.empty()) attachings_.pop_back();
  }

  Napi::Value result(Napi::Env env) override {
    if (isCancelled()) throw Error(ECANCELED, "attach programs");
    auto outcomes = Napi::Array::New(env, attachings_.size());
    for (std::uint32_t index = 0; index < attachings_.size(); index++) {
      auto& outcome = attachings_[index].outcome;
      if (auto* link = std::get_if<Link>(&outcome)) {
        outcomes.Set(index, linkObject(env, std::move(*link)));
      } else {
        outcomes.Set(index, engineError(env, std::get<Error>(outcome)).Value());
      }
    }
    return outcomes;
  }

  std::vector<Attaching> attachings_;
};

class CloseWork final : public BackgroundWork {
 public:
  explicit CloseWork(std::vector<Link> links) : links_(std::move(links)) {}

 private:
  /** Cancelling changes nothing: what is closed is closed. */
  void run() override {
    while (!links_.empty()) {
      links_.pop_back();
      advance();
    }
  }

  Napi::Value result(Napi::Env env) override { return env.Undefined(); }

  std::vector<Link> links_;
};

}  // namespace

Napi::Value attachMany(const Napi::CallbackInfo& info) {
  std::vector<Attaching> attachings;
  for (const Argument& given : Argument(info, 0, "attachMany: attachments").items()) {
    auto program = ProgramObject::from(given.field("program"), "NativeProgram").share();
    attachings.push_back({std::move(program), attachment(given.field("options")), {}});
  }
  auto work = std::make_shared<AttachWork>(std::move(attachings));
  work->start(info.Env(), info[1]);

  auto object = Napi::Object::New(info.Env());
  object.Set("done", work->promise());
  const std::weak_ptr<BackgroundWork> weak = work;
  object.Set("cancel", Napi::Function::New(info.Env(), [weak](const Napi::CallbackInfo&) {
               if (const auto alive = weak.lock()) alive->cancel();
             }));
  return object;
}

Napi::Value closeMany(const Napi::CallbackInfo& info) {
  std::vector<LinkObject*> objects;
  for (const Argument& given : Argument(info, 0, "closeMany: links").items()) {
    objects.push_back(&LinkObject::from(given, "NativeLink"));
  }
  std::vector<Link> links;
  for (LinkObject* object : objects) {
    if (std::optional<Link> link = object->release(info.Env())) links.push_back(std::move(*link));
  }
  auto work = std::make_shared<CloseWork>(std::move(links));
  work->start(info.Env(), info[1]);
  return work->promise();
}

}  // namespace tapbook
