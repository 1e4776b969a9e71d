#include "kernel_types.hpp"

#include <bpf/btf.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <string_view>

#include "error.hpp"

namespace tapbook {
namespace {

TypeKind kindOf(const btf_type* type) {
  switch (btf_kind(type)) {
    case BTF_KIND_INT:
      return TypeKind::Int;
    case BTF_KIND_PTR:
      return TypeKind::Pointer;
    case BTF_KIND_ARRAY:
      return TypeKind::Array;
    case BTF_KIND_STRUCT:
      return TypeKind::Struct;
    case BTF_KIND_UNION:
      return TypeKind::Union;
    case BTF_KIND_ENUM:
    case BTF_KIND_ENUM64:
      return TypeKind::Enum;
    case BTF_KIND_FWD:
      return TypeKind::Forward;
    case BTF_KIND_TYPEDEF:
      return TypeKind::Typedef;
    case BTF_KIND_FUNC:
      return TypeKind::Function;
    case BTF_KIND_FUNC_PROTO:
      return TypeKind::FunctionPrototype;
    case BTF_KIND_FLOAT:
      return TypeKind::Float;
    case BTF_KIND_VAR:
      return TypeKind::Variable;
    default:
      return TypeKind::Other;
  }
}

const btf_type* typeAt(const btf& types, std::uint32_t id) {
  const btf_type* type = btf__type_by_id(&types, id);
  if (type == nullptr) throw Error(ENOENT, "find kernel type " + std::to_string(id));
  return type;
}

/** Looks through what the compiler of a script does not care about. */
std::uint32_t resolved(const btf& types, std::uint32_t id) {
  for (;;) {
    const btf_type* type = typeAt(types, id);
    const bool isQualifier =
        btf_is_const(type) || btf_is_volatile(type) || btf_is_restrict(type) || btf_is_type_tag(type);
    if (!isQualifier) return id;
    id = type->type;
  }
}

const char* text(const btf& types, std::uint32_t offset) {
  const char* found = btf__name_by_offset(&types, offset);
  return found != nullptr ? found : "";
}

void addMembers(const btf& types, const btf_type* type, Type& answer) {
  const btf_member* members = ::btf_members(type);
  for (std::uint32_t number = 0; number < btf_vlen(type); number++) {
    TypeMember member;
    member.name = text(types, members[number].name_off);
    member.type = resolved(types, members[number].type);
    member.bitOffset = btf_member_bit_offset(type, number);
    member.bitSize = btf_member_bitfield_size(type, number);
    answer.members.push_back(member);
  }
}

void addEnumerators(const btf& types, const btf_type* type, Type& answer) {
  answer.isSigned = btf_kflag(type);
  for (std::uint32_t number = 0; number < btf_vlen(type); number++) {
    TypeEnumerator enumerator;
    if (btf_is_enum64(type)) {
      const struct btf_enum64& entry = btf_enum64(type)[number];
      enumerator.name = text(types, entry.name_off);
      enumerator.value = static_cast<std::int64_t>(btf_enum64_value(&entry));
    } else {
      const struct btf_enum& entry = btf_enum(type)[number];
      enumerator.name = text(types, entry.name_off);
      enumerator.value = answer.isSigned ? entry.val : static_cast<std::int64_t>(static_cast<std::uint32_t>(entry.val));
    }
    answer.enumerators.push_back(enumerator);
  }
}

void addParameters(const btf& types, const btf_type* type, Type& answer) {
  const btf_param* parameters = btf_params(type);
  for (std::uint32_t number = 0; number < btf_vlen(type); number++) {
    TypeParameter parameter;
    parameter.name = text(types, parameters[number].name_off);
    parameter.type = resolved(types, parameters[number].type);
    answer.parameters.push_back(parameter);
  }
}

}  // namespace

/** Types by name: a hash table whose slots are the first type and whose chains lead to later ones. */
struct KernelTypes::Index {
  std::vector<std::uint32_t> first;
  /** By the type's number less that of the first own type. */
  std::vector<std::uint32_t> next;

  Index(const btf& types, std::uint32_t start) {
    const std::uint32_t end = btf__type_cnt(&types);
    std::size_t slots = 1024;
    while (slots < end - start) slots *= 2;
    first.resize(slots);
    next.resize(end - start);
    // From the last to the first, so that a chain leads through the types in the order of the BTF.
    for (std::uint32_t id = end; id-- > start;) {
      std::uint32_t& slot = first[slotOf(text(types, typeAt(types, id)->name_off))];
      next[id - start] = slot;
      slot = id;
    }
  }

  std::size_t slotOf(std::string_view name) const { return std::hash<std::string_view>{}(name) & (first.size() - 1); }
};

KernelTypes::KernelTypes() : types_(nullptr, btf__free) {}
KernelTypes::KernelTypes(std::shared_ptr<const KernelTypes> kernel, std::string module)
    : kernel_(std::move(kernel)), module_(std::move(module)), types_(nullptr, btf__free) {}
KernelTypes::~KernelTypes() = default;

const btf& KernelTypes::types() const {
  if (types_ == nullptr) {
    // libbpf takes a base that it may write to; it does not write to one that it only reads a module's types on.
    types_.reset(kernel_ == nullptr ? btf__load_vmlinux_btf()
                                    : btf__load_module_btf(module_.c_str(), const_cast<btf*>(&kernel_->types())));
    if (types_ == nullptr) throw Error(errno, "read " + whose() + " types from BTF");
  }
  return *types_;
}

const KernelTypes::Index& KernelTypes::index() const {
  if (index_ == nullptr) index_ = std::make_unique<Index>(types(), firstOwn());
  return *index_;
}

std::uint32_t KernelTypes::firstOwn() const { return kernel_ == nullptr ? 1 : btf__type_cnt(&kernel_->types()); }

std::string KernelTypes::whose() const {
  return module_.empty() ? "the kernel's" : "kernel module " + quoted(module_) + "'s";
}

void KernelTypes::require() const { types(); }

std::uint32_t KernelTypes::findOwn(const std::string& name, TypeKind kind) const {
  for (std::uint32_t id = index().first[index().slotOf(name)]; id != 0; id = index().next[id - firstOwn()]) {
    const btf_type* type = typeAt(types(), id);
    if (kindOf(type) == kind && name == text(types(), type->name_off)) return id;
  }
  return 0;
}

std::uint32_t KernelTypes::find(const std::string& name, TypeKind kind) const {
  const std::uint32_t own = findOwn(name, kind);
  return own == 0 && kernel_ != nullptr ? kernel_->find(name, kind) : own;
}

std::uint32_t KernelTypes::enumeration(const std::string& enumerator) const {
  const btf& all = types();
  const std::uint32_t count = btf__type_cnt(&all);
  for (std::uint32_t id = 1; id < count; id++) {
    const btf_type* type = typeAt(all, id);
    if (!btf_is_any_enum(type)) continue;
    for (std::uint32_t number = 0; number < btf_vlen(type); number++) {
      const std::uint32_t name =
          btf_is_enum64(type) ? btf_enum64(type)[number].name_off : btf_enum(type)[number].name_off;
      if (enumerator == text(all, name)) return id;
    }
  }
  return 0;
}

std::vector<const char*> KernelTypes::names(TypeKind kind, const std::string& prefix) const {
  std::vector<const char*> found;
  const std::uint32_t count = btf__type_cnt(&types());
  for (std::uint32_t id = firstOwn(); id < count; id++) {
    const btf_type* type = typeAt(types(), id);
    if (kindOf(type) != kind) continue;
    const char* name = text(types(), type->name_off);
    if (*name != '\0' && std::strncmp(name, prefix.c_str(), prefix.size()) == 0) found.push_back(name);
  }
  return found;
}

Type KernelTypes::type(std::uint32_t requested) const {
  const btf& all = types();
  Type answer;
  answer.id = resolved(all, requested);
  const btf_type* type = typeAt(all, answer.id);
  answer.kind = kindOf(type);
  answer.name = text(all, type->name_off);
  const std::int64_t size = btf__resolve_size(&all, answer.id);
  answer.size = size > 0 ? static_cast<std::uint64_t>(size) : 0;
  switch (answer.kind) {
    case TypeKind::Int:
      answer.isSigned = (btf_int_encoding(type) & BTF_INT_SIGNED) != 0;
      break;
    case TypeKind::Array:
      answer.target = resolved(all, btf_array(type)->type);
      answer.elements = btf_array(type)->nelems;
      break;
    case TypeKind::Struct:
    case TypeKind::Union:
      addMembers(all, type, answer);
      break;
    case TypeKind::Enum:
      addEnumerators(all, type, answer);
      break;
    case TypeKind::FunctionPrototype:
      addParameters(all, type, answer);
      answer.target = resolved(all, type->type);
      break;
    case TypeKind::Pointer:
    case TypeKind::Typedef:
    case TypeKind::Function:
    case TypeKind::Variable:
      answer.target = resolved(all, type->type);
      break;
    case TypeKind::Forward:
    case TypeKind::Float:
    case TypeKind::Other:
      break;
  }
  return answer;
}

std::uint32_t KernelTypes::tracepoint(const std::string& name) const {
  const std::uint32_t id = findOwn("btf_trace_" + name, TypeKind::Typedef);
  if (id == 0) throw Error(ENOENT, "find tracepoint " + quoted(name) + " in " + whose() + " types");
  return id;
}

std::uint32_t KernelTypes::function(const std::string& name) const {
  const std::uint32_t id = findOwn(name, TypeKind::Function);
  if (id == 0) throw Error(ENOENT, "find function " + quoted(name) + " in " + whose() + " types");
  return id;
}

}  // namespace tapbook
