# SPDX-License-Identifier: Apache-2.0
#
# Writes the table as C++: cmake -DOUT=FILE -DTABLE=table.txt -P embed.cmake

file(READ "${TABLE}" text)
file(WRITE "${OUT}" "// Made by src/access/embed.cmake.

#include \"src/access/table.h\"

namespace consent::access {

std::string_view EmbeddedTable() { return R\"table(${text})table\"; }

}  // namespace consent::access
")
