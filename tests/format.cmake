# All C++ is as clang-format leaves it. cmake -DROOT=<checkout> -P format.cmake

find_program(CLANG_FORMAT NAMES clang-format clang-format-14 REQUIRED)
file(GLOB_RECURSE sources ${ROOT}/lib/*.h ${ROOT}/lib/*.cpp ${ROOT}/fcgi/*.h ${ROOT}/fcgi/*.cpp
     ${ROOT}/tests/*.h ${ROOT}/tests/*.cpp)
list(FILTER sources EXCLUDE REGEX "/node_modules/")
execute_process(COMMAND ${CLANG_FORMAT} --dry-run --Werror ${sources} RESULT_VARIABLE answer
                WORKING_DIRECTORY ${ROOT})
if(NOT answer EQUAL 0)
  message(FATAL_ERROR "format: run ./dev lint --fix, or clang-format -i on the files above")
endif()
