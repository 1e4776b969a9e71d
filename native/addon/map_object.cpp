#include "map_object.hpp"

#include <algorithm>

#include "perf_counter_object.hpp"

namespace tapbook {
namespace {

Napi::Uint8Array toJavaScript(Napi::Env env, const std::vector<std::uint8_t>& bytes) {
  auto array = Napi::Uint8Array::New(env, bytes.size());
  std::copy(bytes.begin(), bytes.end(), array.Data());
  return array;
}

Napi::Object toJavaScript(Napi::Env env, const MapEntries& entries, std::size_t valueStride) {
  auto object = Napi::Object::New(env);
  object.Set("count", static_cast<double>(entries.count));
  object.Set("keys", toJavaScript(env, entries.keys));
  object.Set("values", toJavaScript(env, entries.values));
  object.Set("valueStride", static_cast<double>(valueStride));
  return object;
}

// Script numbers have a sign.
Napi::BigInt toJavaScript(Napi::Env env, std::uint64_t word) {
  return Napi::BigInt::New(env, static_cast<std::int64_t>(word));
}

std::size_t wordOffset(const Napi::CallbackInfo& info, const char* function, const Map& map) {
  const Argument offset(info, 0, std::string(function) + ": offset");
  if (map.sharedSize() == 0) {
    throw Napi::TypeError::New(info.Env(),
                               std::string(function) + ": map \"" + map.options().name + "\" is not mmapable");
  }
  const std::int64_t bytes = offset.whole(0, static_cast<std::int64_t>(map.sharedSize()) - 8);
  if (bytes % 8 != 0) offset.refuse("must be a multiple of 8");
  return static_cast<std::size_t>(bytes);
}

}  // namespace

const napi_type_tag MapObject::kTag = {0x5f2d1c9a7b3e4d01, 0x9c41f6b2a8d7e301};

Napi::Function MapObject::define(Napi::Env env) {
  return DefineClass(env, "NativeMap",
                     {
                         InstanceMethod("lookup", &MapObject::guarded<&MapObject::lookup>),
                         InstanceMethod("update", &MapObject::guarded<&MapObject::update>),
                         InstanceMethod("delete", &MapObject::guarded<&MapObject::remove>),
                         InstanceMethod("pop", &MapObject::guarded<&MapObject::pop>),
                         InstanceMethod("setCounter", &MapObject::guarded<&MapObject::setCounter>),
                         InstanceMethod("entries", &MapObject::guarded<&MapObject::entries>),
                         InstanceMethod("takeEntries", &MapObject::guarded<&MapObject::takeEntries>),
                         InstanceMethod("clear", &MapObject::guarded<&MapObject::clear>),
                         InstanceMethod("freeze", &MapObject::guarded<&MapObject::freeze>),
                         InstanceMethod("readWord", &MapObject::guarded<&MapObject::readWord>),
                         InstanceMethod("writeWord", &MapObject::guarded<&MapObject::writeWord>),
                         InstanceMethod("fetchAdd", &MapObject::guarded<&MapObject::fetchAdd>),
                         InstanceMethod("close", &MapObject::close),
                     });
}

void MapObject::describe(Napi::Object object, Owner<std::unique_ptr<Map>>& held) {
  const Map& map = *held.object();
  defineValue(object, "id", Napi::Number::New(object.Env(), map.id()));
  defineValue(object, "name", Napi::String::New(object.Env(), map.options().name));
}

Napi::Value MapObject::lookup(const Napi::CallbackInfo& info) {
  const Bytes key = Argument(info, 0, "lookup: key").bytes(map().options().keySize);
  auto value = Napi::Uint8Array::New(info.Env(), map().valueStride());
  if (!map().lookup(key.data, value.Data())) return info.Env().Null();
  return value;
}

Napi::Value MapObject::update(const Napi::CallbackInfo& info) {
  const Bytes key = Argument(info, 0, "update: key").bytes(map().options().keySize);
  const Bytes value = Argument(info, 1, "update: value").bytes(map().valueStride());
  const auto mode = Argument(info, 2, "update: mode")
                        .oneOf<UpdateMode>(
                            {{"any", UpdateMode::Any}, {"noexist", UpdateMode::NoExist}, {"exist", UpdateMode::Exist}});
  return Napi::Boolean::New(info.Env(), map().update(key.data, value.data, mode));
}

Napi::Value MapObject::pop(const Napi::CallbackInfo& info) {
  auto value = Napi::Uint8Array::New(info.Env(), map().valueStride());
  if (!map().pop(value.Data())) return info.Env().Null();
  return value;
}

Napi::Value MapObject::setCounter(const Napi::CallbackInfo& info) {
  if (map().options().type != MapType::PerfEventArray) {
    throw Napi::TypeError::New(info.Env(), "setCounter: the map must be of type \"perf_event_array\"");
  }
  const std::uint32_t index = Argument(info, 0, "setCounter: index").unsigned32();
  const Argument given(info, 1, "setCounter: counter");
  const int counter = PerfCounterObject::from(given, "NativePerfCounter").counter().descriptor();
  map().update(reinterpret_cast<const std::uint8_t*>(&index), reinterpret_cast<const std::uint8_t*>(&counter),
               UpdateMode::Any);
  return info.Env().Undefined();
}

Napi::Value MapObject::remove(const Napi::CallbackInfo& info) {
  const Bytes key = Argument(info, 0, "delete: key").bytes(map().options().keySize);
  return Napi::Boolean::New(info.Env(), map().remove(key.data));
}

Napi::Value MapObject::entries(const Napi::CallbackInfo& info) {
  return toJavaScript(info.Env(), map().entries(), map().valueStride());
}

Napi::Value MapObject::takeEntries(const Napi::CallbackInfo& info) {
  return toJavaScript(info.Env(), map().takeEntries(), map().valueStride());
}

Napi::Value MapObject::clear(const Napi::CallbackInfo& info) {
  map().clear();
  return info.Env().Undefined();
}

Napi::Value MapObject::freeze(const Napi::CallbackInfo& info) {
  map().freeze();
  return info.Env().Undefined();
}

Napi::Value MapObject::readWord(const Napi::CallbackInfo& info) {
  return toJavaScript(info.Env(), map().readWord(wordOffset(info, "readWord", map())));
}

Napi::Value MapObject::writeWord(const Napi::CallbackInfo& info) {
  const std::size_t offset = wordOffset(info, "writeWord", map());
  map().writeWord(offset, Argument(info, 1, "writeWord: value").bits64());
  return info.Env().Undefined();
}

Napi::Value MapObject::fetchAdd(const Napi::CallbackInfo& info) {
  const std::size_t offset = wordOffset(info, "fetchAdd", map());
  return toJavaScript(info.Env(), map().fetchAdd(offset, Argument(info, 1, "fetchAdd: delta").bits64()));
}

Napi::Value createMap(const Napi::CallbackInfo& info) {
  const Argument given(info, 0, "createMap: options");
  MapOptions options;
  options.name = given.field("name").text();
  options.type = given.field("type").oneOf<MapType>({{"hash", MapType::Hash},
                                                     {"percpu_hash", MapType::PerCpuHash},
                                                     {"lru_hash", MapType::LruHash},
                                                     {"array", MapType::Array},
                                                     {"percpu_array", MapType::PerCpuArray},
                                                     {"ringbuf", MapType::RingBuffer},
                                                     {"stack_trace", MapType::StackTrace},
                                                     {"perf_event_array", MapType::PerfEventArray},
                                                     {"queue", MapType::Queue},
                                                     {"stack", MapType::Stack}});
  options.keySize = given.field("keySize").unsigned32();
  options.valueSize = given.field("valueSize").unsigned32();
  options.maxEntries = given.field("maxEntries").unsigned32();
  options.noPreallocate = given.field("noPreallocate").flag();
  options.mmapable = given.field("mmapable").flag();
  options.readOnlyForPrograms = given.field("readOnlyForPrograms").flag();

  using Held = Owner<std::unique_ptr<Map>>;
  auto held = std::make_shared<Held>("map \"" + options.name + "\"", std::make_unique<Map>(options));
  return MapObject::create(info.Env(), Environment::of(info.Env()).mapClass, std::move(held));
}

}  // namespace tapbook
