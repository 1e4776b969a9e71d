#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct btf;

namespace tapbook {

enum class TypeKind {
  Int,
  Pointer,
  Array,
  Struct,
  Union,
  Enum,
  Forward,
  Typedef,
  Function,
  FunctionPrototype,
  Float,
  Variable,
  Other
};

struct TypeMember {
  const char* name = "";
  std::uint32_t type = 0;
  std::uint32_t bitOffset = 0;
  /** 0 where it is no bitfield. */
  std::uint32_t bitSize = 0;
};

struct TypeEnumerator {
  const char* name = "";
  /** Of an unsigned enumeration, the bits of the unsigned value. */
  std::int64_t value = 0;
};

struct TypeParameter {
  const char* name = "";
  std::uint32_t type = 0;
};

/** One type of the kernel; `const`, `volatile`, `restrict` and type tags are looked through. Names live with the types.
 */
struct Type {
  std::uint32_t id = 0;
  TypeKind kind = TypeKind::Other;
  const char* name = "";
  std::uint64_t size = 0;
  bool isSigned = false;
  std::uint32_t target = 0;
  std::uint32_t elements = 0;
  std::vector<TypeMember> members;
  std::vector<TypeEnumerator> enumerators;
  std::vector<TypeParameter> parameters;
};

/**
 * The types of the running kernel, or of one of its modules, from BTF; parsed on first use. For one thread. A module's
 * types refer to the kernel's, and the numbers of both are one row.
 */
class KernelTypes {
 public:
  KernelTypes();
  KernelTypes(std::shared_ptr<const KernelTypes> kernel, std::string module);
  ~KernelTypes();
  KernelTypes(const KernelTypes&) = delete;
  KernelTypes& operator=(const KernelTypes&) = delete;

  /** Throws where the kernel has none. */
  void require() const;
  /** 0 where there is no such type; in a module, its own go before the kernel's. */
  std::uint32_t find(const std::string& name, TypeKind kind) const;
  Type type(std::uint32_t id) const;
  /** The first enumeration with an enumerator of that name; 0 where none has it. */
  std::uint32_t enumeration(const std::string& enumerator) const;
  /** In the order of the BTF; of a module, only its own. */
  std::vector<const char*> names(TypeKind kind, const std::string& prefix) const;
  /** The type that a program for this tracepoint is loaded with; throws where there is no such tracepoint. */
  std::uint32_t tracepoint(const std::string& name) const;
  /** The type that a program for this function is loaded with; throws where there is no such function. */
  std::uint32_t function(const std::string& name) const;

 private:
  struct Index;

  const btf& types() const;
  const Index& index() const;
  std::uint32_t firstOwn() const;
  std::uint32_t findOwn(const std::string& name, TypeKind kind) const;
  std::string whose() const;

  std::shared_ptr<const KernelTypes> kernel_;
  std::string module_;
  mutable std::unique_ptr<btf, void (*)(btf*)> types_;
  mutable std::unique_ptr<Index> index_;
};

}  // namespace tapbook
