# Builds everything with the sanitizers into a folder of its own.
# cmake -DROOT=<checkout> -DOUT=<folder> -DGENERATOR=<generator> -P sanitized.cmake

foreach(step IN ITEMS "-S;${ROOT};-B;${OUT};-G;${GENERATOR};-DLAMPPOST_SANITIZE=ON" "--build;${OUT};--parallel;2;--target;lamppost;unit_tests;contract_tests;push_client_tests")
  execute_process(COMMAND ${CMAKE_COMMAND} ${step} RESULT_VARIABLE answer)
  if(NOT answer EQUAL 0)
    message(FATAL_ERROR "the sanitized build failed")
  endif()
endforeach()
