# SPDX-License-Identifier: Apache-2.0
#
# Writes the packs as C++: cmake -DOUT=FILE -DPACKS=a.yaml,b.yaml -P embed.cmake
# One {id, text} a pack; the id is the file's name.

string(REPLACE "," ";" packs "${PACKS}")
set(rows "")
foreach(pack IN LISTS packs)
  get_filename_component(id "${pack}" NAME_WE)
  file(READ "${pack}" text)
  string(APPEND rows "    {\"${id}\", R\"pack(${text})pack\"},\n")
endforeach()
file(WRITE "${OUT}" "// Made by src/rules/embed.cmake.

#include \"src/rules/embedded.h\"

namespace consent::rules {
namespace {

constexpr EmbeddedPack kPacks[] = {
${rows}};

}  // namespace

absl::Span<const EmbeddedPack> EmbeddedPacks() { return kPacks; }

}  // namespace consent::rules
")
