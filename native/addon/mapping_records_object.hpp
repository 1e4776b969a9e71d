#pragma once

#include "../engine/mapping_records.hpp"
#include "handle_object.hpp"

namespace tapbook {

/** `NativeMappingRecords`. */
class MappingRecordsObject : public HandleObject<MappingRecordsObject, Owner<MappingRecords>> {
 public:
  static const napi_type_tag kTag;
  static Napi::Function define(Napi::Env env);

  explicit MappingRecordsObject(const Napi::CallbackInfo& info) : HandleObject(info) {}

 private:
  Napi::Value take(const Napi::CallbackInfo& info);
};

/** `recordMappings`. */
Napi::Value recordMappings(const Napi::CallbackInfo& info);

}  // namespace tapbook
