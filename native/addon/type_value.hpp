#pragma once

#include <napi.h>

#include <initializer_list>
#include <utility>

#include "../engine/kernel_types.hpp"

namespace tapbook {

/** `BtfKind` by name. */
constexpr std::initializer_list<std::pair<const char*, TypeKind>> kTypeKinds = {
    {"int", TypeKind::Int},           {"pointer", TypeKind::Pointer},
    {"array", TypeKind::Array},       {"struct", TypeKind::Struct},
    {"union", TypeKind::Union},       {"enum", TypeKind::Enum},
    {"forward", TypeKind::Forward},   {"typedef", TypeKind::Typedef},
    {"function", TypeKind::Function}, {"function_prototype", TypeKind::FunctionPrototype},
    {"float", TypeKind::Float},       {"variable", TypeKind::Variable},
    {"other", TypeKind::Other},
};

/** `BtfType`. */
Napi::Object toJavaScript(Napi::Env env, const Type& type);

}  // namespace tapbook
