# SPDX-License-Identifier: Apache-2.0
# cmake -DOUTPUT=file.c -DSOURCES="a.cl;b.cl" -DHEADER=folder/texts.h -DTYPE=ard__text [-DLINE_FOLDER=cl] -P embed_texts.cmake
# Writes the files into one C file that defines what the header declares: TYPEs (name, text, length) as the array TYPEs[]
# and their number TYPE_count. With LINE_FOLDER each text begins with a #line of that folder. Bytes, because string
# literals over 4,095 characters are beyond what C11 promises.

cmake_minimum_required(VERSION 3.25)

# The elements of a C array for the bytes of a hexadecimal text, sixteen a line.
function(array_elements hex out)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REPEAT "0x[0-9a-f][0-9a-f]," 16 line)
  string(REGEX REPLACE "(${line})" "\\1\n    " bytes "${bytes}")
  set(${out} "${bytes}" PARENT_SCOPE)
endfunction()

set(arrays "")
set(entries "")
set(count 0)
foreach(source IN LISTS SOURCES)
  cmake_path(GET source FILENAME name)
  set(head "")
  if(LINE_FOLDER)
    string(HEX "#line 1 \"${LINE_FOLDER}/${name}\"\n" head)
  endif()
  file(READ "${source}" body HEX)
  array_elements("${head}${body}00" elements)
  string(APPEND arrays "/* ${name} */\nstatic const unsigned char text_${count}[] = {\n    ${elements}\n};\n\n")
  string(APPEND entries "    {\"${name}\", (const char *)text_${count}, sizeof text_${count} - 1},\n")
  math(EXPR count "${count} + 1")
endforeach()

# The entry of NULLs keeps the array non-empty when there are no files.
file(WRITE "${OUTPUT}" "/* Made by cmake/embed_texts.cmake. */
#include \"${HEADER}\"

${arrays}const ${TYPE} ${TYPE}s[] = {
${entries}    {NULL, NULL, 0},
};

const size_t ${TYPE}_count = ${count};
")
