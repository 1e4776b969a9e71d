#pragma once

#include <functional>

#include "../engine/link.hpp"
#include "../engine/program.hpp"
#include "argument.hpp"

namespace tapbook {

/** Attaches a program as JavaScript has asked for; knows nothing of JavaScript any more, so any thread may call it. */
using Attachment = std::function<Link(const Program&)>;

/** Reads `NativeAttachOptions`. */
Attachment attachment(const Argument& given);

}  // namespace tapbook
