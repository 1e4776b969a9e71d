#include "debug_types.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unordered_set>

#include "../error.hpp"

namespace tapbook {
namespace {

bool isQualifier(int tag) {
  return tag == DW_TAG_const_type || tag == DW_TAG_volatile_type || tag == DW_TAG_restrict_type ||
         tag == DW_TAG_atomic_type || tag == DW_TAG_immutable_type || tag == DW_TAG_packed_type;
}

}  // namespace

TypeKind DebugTypes::kindOf(Dwarf_Die& die) const {
  switch (libdw_.tag(&die)) {
    case DW_TAG_base_type: {
      std::uint64_t encoding = 0;
      number(die, DW_AT_encoding, encoding);
      const bool isFloat = encoding == DW_ATE_float || encoding == DW_ATE_complex_float;
      return isFloat ? TypeKind::Float : TypeKind::Int;
    }
    case DW_TAG_pointer_type:
    case DW_TAG_reference_type:
    case DW_TAG_rvalue_reference_type:
      return TypeKind::Pointer;
    case DW_TAG_array_type:
      return TypeKind::Array;
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
      return libdw_.hasAttribute(&die, DW_AT_declaration) ? TypeKind::Forward : TypeKind::Struct;
    case DW_TAG_union_type:
      return libdw_.hasAttribute(&die, DW_AT_declaration) ? TypeKind::Forward : TypeKind::Union;
    case DW_TAG_enumeration_type:
      return libdw_.hasAttribute(&die, DW_AT_declaration) ? TypeKind::Forward : TypeKind::Enum;
    case DW_TAG_typedef:
      return TypeKind::Typedef;
    case DW_TAG_subroutine_type:
      return TypeKind::FunctionPrototype;
    default:
      return TypeKind::Other;
  }
}

bool DebugTypes::number(Dwarf_Die& die, unsigned name, std::uint64_t& value) const {
  Dwarf_Attribute attribute;
  Dwarf_Word word = 0;
  if (libdw_.formUnsigned(libdw_.attributeIntegrate(&die, name, &attribute), &word) != 0) return false;
  value = word;
  return true;
}

bool DebugTypes::isSigned(Dwarf_Die& die) const {
  std::uint64_t encoding = 0;
  if (number(die, DW_AT_encoding, encoding)) return encoding == DW_ATE_signed || encoding == DW_ATE_signed_char;
  // An enumeration without an encoding of its own has the sign of its underlying type.
  Dwarf_Attribute attribute;
  Dwarf_Die underlying;
  if (libdw_.formReference(libdw_.attribute(&die, DW_AT_type, &attribute), &underlying) == nullptr) return false;
  return isSigned(underlying);
}

std::uint32_t DebugTypes::idOf(Dwarf_Die die, std::uint32_t dimension) {
  std::vector<std::uint32_t>& ids = ids_[die.addr];
  if (ids.size() <= dimension) ids.resize(dimension + 1);
  if (ids[dimension] == 0) {
    ids[dimension] = static_cast<std::uint32_t>(known_.size());
    known_.push_back({die, dimension});
  }
  return ids[dimension];
}

std::uint32_t DebugTypes::typeOf(Dwarf_Die& die) {
  Dwarf_Die at = die;
  do {
    Dwarf_Attribute attribute;
    if (libdw_.formReference(libdw_.attributeIntegrate(&at, DW_AT_type, &attribute), &at) == nullptr) return 0;
  } while (isQualifier(libdw_.tag(&at)));
  if (libdw_.tag(&at) == DW_TAG_unspecified_type) return 0;
  if (kindOf(at) != TypeKind::Forward) return idOf(at);
  // Another part of the program may say what this one only declares.
  const char* name = libdw_.dieName(&at);
  if (name != nullptr) {
    for (Dwarf_Die& candidate : index_.find(name, DebugEntryKind::Type)) {
      const int tag = libdw_.tag(&candidate);
      const bool isDefinition = !libdw_.hasAttribute(&candidate, DW_AT_declaration);
      if (isDefinition && tag == libdw_.tag(&at)) return idOf(candidate);
    }
  }
  return idOf(at);
}

std::uint32_t DebugTypes::find(const std::string& name, TypeKind kind) {
  for (Dwarf_Die& die : index_.find(name, DebugEntryKind::Type)) {
    if (kindOf(die) == kind) return idOf(die);
  }
  return 0;
}

std::uint32_t DebugTypes::enumeration(const std::string& enumerator) {
  for (const DebugEntry& entry : index_.entries()) {
    Dwarf_Die die = entry.die;
    Dwarf_Die child;
    if (libdw_.tag(&die) != DW_TAG_enumeration_type) continue;
    for (int end = libdw_.child(&die, &child); end == 0; end = libdw_.siblingOf(&child, &child)) {
      const char* name = libdw_.dieName(&child);
      if (name != nullptr && enumerator == name) return idOf(die);
    }
  }
  return 0;
}

std::vector<const char*> DebugTypes::names(TypeKind kind, const std::string& prefix) {
  std::vector<const char*> found;
  std::unordered_set<std::string_view> seen;
  for (const DebugEntry& entry : index_.entries()) {
    Dwarf_Die die = entry.die;
    if (entry.kind != DebugEntryKind::Type || entry.name[0] == '\0' || kindOf(die) != kind) continue;
    if (std::strncmp(entry.name, prefix.c_str(), prefix.size()) != 0) continue;
    // Each part of a program describes the types that it uses.
    if (seen.insert(entry.name).second) found.push_back(entry.name);
  }
  return found;
}

Type DebugTypes::type(std::uint32_t id) {
  if (id == 0 || id >= known_.size()) throw Error(ENOENT, "find type " + std::to_string(id) + " in debug information");
  Known known = known_[id];
  Dwarf_Die& die = known.die;
  Type answer;
  answer.id = id;
  answer.kind = kindOf(die);
  const char* name = libdw_.dieName(&die);
  if (name != nullptr) answer.name = name;
  Dwarf_Word size = 0;
  if (libdw_.aggregateSize(&die, &size) == 0) answer.size = size;
  switch (answer.kind) {
    case TypeKind::Int:
      answer.isSigned = isSigned(die);
      break;
    case TypeKind::Array:
      describeArray(known, answer);
      break;
    case TypeKind::Struct:
    case TypeKind::Union:
      addMembers(die, answer);
      break;
    case TypeKind::Enum:
      answer.isSigned = isSigned(die);
      addEnumerators(die, answer);
      break;
    case TypeKind::FunctionPrototype:
      addParameters(die, answer);
      answer.target = typeOf(die);
      break;
    case TypeKind::Pointer:
    case TypeKind::Typedef:
      answer.target = typeOf(die);
      break;
    default:
      break;
  }
  return answer;
}

void DebugTypes::describeArray(const Known& known, Type& answer) {
  Dwarf_Die die = known.die;
  std::vector<std::uint64_t> counts;
  Dwarf_Die range;
  for (int end = libdw_.child(&die, &range); end == 0; end = libdw_.siblingOf(&range, &range)) {
    if (libdw_.tag(&range) != DW_TAG_subrange_type) continue;
    std::uint64_t count = 0;
    if (!number(range, DW_AT_count, count) && number(range, DW_AT_upper_bound, count)) count += 1;
    counts.push_back(count);
  }
  const bool isLast = known.dimension + 1 >= counts.size();
  answer.elements = known.dimension < counts.size() ? static_cast<std::uint32_t>(counts[known.dimension]) : 0;
  answer.target = isLast ? typeOf(die) : idOf(die, known.dimension + 1);
  // What libdw says counts all dimensions.
  for (std::uint32_t taken = 0; taken < known.dimension; taken++) {
    if (counts[taken] != 0) answer.size /= counts[taken];
  }
}

bool DebugTypes::memberPlace(Dwarf_Die& member, TypeMember& answer) {
  std::uint64_t bits = 0;
  std::uint64_t bitSize = 0;
  number(member, DW_AT_bit_size, bitSize);
  answer.bitSize = static_cast<std::uint32_t>(bitSize);
  if (number(member, DW_AT_data_bit_offset, bits)) {
    answer.bitOffset = static_cast<std::uint32_t>(bits);
    return true;
  }
  std::uint64_t bytes = 0;
  if (libdw_.hasAttribute(&member, DW_AT_data_member_location) && !number(member, DW_AT_data_member_location, bytes)) {
    // Older compilers write an expression that adds the offset; a base class may lie elsewhere in every object.
    Dwarf_Attribute attribute;
    Dwarf_Op* operations = nullptr;
    std::size_t count = 0;
    libdw_.attribute(&member, DW_AT_data_member_location, &attribute);
    if (libdw_.getLocation(&attribute, &operations, &count) != 0 || count != 1) return false;
    if (operations->atom != DW_OP_plus_uconst) return false;
    bytes = operations->number;
  }
  answer.bitOffset = static_cast<std::uint32_t>(bytes * 8);
  std::uint64_t fromTop = 0;
  if (number(member, DW_AT_bit_offset, fromTop)) {
    // DWARF 2 counts from the most significant bit of the storage unit.
    Dwarf_Word storage = 0;
    std::uint64_t own = 0;
    Dwarf_Attribute attribute;
    Dwarf_Die type;
    if (number(member, DW_AT_byte_size, own)) {
      storage = own;
    } else if (libdw_.formReference(libdw_.attribute(&member, DW_AT_type, &attribute), &type) != nullptr) {
      libdw_.aggregateSize(&type, &storage);
    }
    answer.bitOffset += static_cast<std::uint32_t>(storage * 8 - fromTop - bitSize);
  }
  return true;
}

void DebugTypes::addMembers(Dwarf_Die& die, Type& answer) {
  Dwarf_Die child;
  for (int end = libdw_.child(&die, &child); end == 0; end = libdw_.siblingOf(&child, &child)) {
    const int tag = libdw_.tag(&child);
    if (tag != DW_TAG_member && tag != DW_TAG_inheritance) continue;
    // A static member is a variable that lies elsewhere.
    if (libdw_.hasAttribute(&child, DW_AT_declaration) || libdw_.hasAttribute(&child, DW_AT_external)) continue;
    TypeMember member;
    const char* name = tag == DW_TAG_member ? libdw_.dieName(&child) : nullptr;
    if (name != nullptr) member.name = name;
    if (!memberPlace(child, member)) continue;
    member.type = typeOf(child);
    answer.members.push_back(member);
  }
}

void DebugTypes::addEnumerators(Dwarf_Die& die, Type& answer) const {
  Dwarf_Die child;
  for (int end = libdw_.child(&die, &child); end == 0; end = libdw_.siblingOf(&child, &child)) {
    Dwarf_Attribute attribute;
    if (libdw_.tag(&child) != DW_TAG_enumerator) continue;
    if (libdw_.attribute(&child, DW_AT_const_value, &attribute) == nullptr) continue;
    TypeEnumerator enumerator;
    const char* name = libdw_.dieName(&child);
    if (name != nullptr) enumerator.name = name;
    const unsigned form = libdw_.whatForm(&attribute);
    Dwarf_Word word = 0;
    Dwarf_Sword signedWord = 0;
    // Of the other forms nobody can tell the sign: compilers use them for numbers without one.
    if (form == DW_FORM_sdata || form == DW_FORM_implicit_const) {
      if (libdw_.formSigned(&attribute, &signedWord) == 0) enumerator.value = signedWord;
    } else if (libdw_.formUnsigned(&attribute, &word) == 0) {
      enumerator.value = static_cast<std::int64_t>(word);
    }
    answer.enumerators.push_back(enumerator);
  }
}

void DebugTypes::addParameters(Dwarf_Die& die, Type& answer) {
  Dwarf_Die child;
  for (int end = libdw_.child(&die, &child); end == 0; end = libdw_.siblingOf(&child, &child)) {
    const int tag = libdw_.tag(&child);
    if (tag != DW_TAG_formal_parameter && tag != DW_TAG_unspecified_parameters) continue;
    TypeParameter parameter;
    const char* name = libdw_.dieName(&child);
    if (name != nullptr) parameter.name = name;
    if (tag == DW_TAG_formal_parameter) parameter.type = typeOf(child);
    answer.parameters.push_back(parameter);
  }
}

}  // namespace tapbook
