#include "mapping_records_object.hpp"

#include <cstring>

namespace tapbook {

const napi_type_tag MappingRecordsObject::kTag = {0x5f2d1c9a7b3e4d0a, 0x9c41f6b2a8d7e30a};

Napi::Function MappingRecordsObject::define(Napi::Env env) {
  return DefineClass(env, "NativeMappingRecords",
                     {
                         InstanceMethod("take", &MappingRecordsObject::guarded<&MappingRecordsObject::take>),
                         InstanceMethod("close", &MappingRecordsObject::close),
                     });
}

Napi::Value MappingRecordsObject::take(const Napi::CallbackInfo& info) {
  const std::vector<std::uint8_t> records = held().object().take();
  auto bytes = Napi::Uint8Array::New(info.Env(), records.size());
  if (!records.empty()) std::memcpy(bytes.Data(), records.data(), records.size());
  return bytes;
}

Napi::Value recordMappings(const Napi::CallbackInfo& info) {
  const Argument pid(info, 0, "recordMappings: pid");
  const auto process = pid.isGiven() ? static_cast<pid_t>(pid.whole(1, INT32_MAX)) : MappingRecords::kEveryProcess;
  auto held = std::make_shared<Owner<MappingRecords>>("mapping records", MappingRecords(process));
  return MappingRecordsObject::create(info.Env(), Environment::of(info.Env()).mappingRecordsClass, std::move(held));
}

}  // namespace tapbook
