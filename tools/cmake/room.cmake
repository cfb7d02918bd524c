# A room is a library target with its own sources and the rooms it may use. Warnings, sanitizers and
# floating-point rules are the same in every room.
add_library(swiftlet_flags INTERFACE)
target_compile_options(swiftlet_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  -ffp-contract=off -fstack-protector-strong)
target_compile_definitions(swiftlet_flags INTERFACE $<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
if(SWIFTLET_WERROR)
  target_compile_options(swiftlet_flags INTERFACE -Werror)
endif()
if(SWIFTLET_SANITIZER)
  target_compile_options(swiftlet_flags INTERFACE -fsanitize=${SWIFTLET_SANITIZER} -fno-omit-frame-pointer)
  target_link_options(swiftlet_flags INTERFACE -fsanitize=${SWIFTLET_SANITIZER})
endif()
if(SWIFTLET_FUZZ)
  target_compile_options(swiftlet_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# swiftlet_room(NAME SOURCES … ROOMS … PUBLIC … PRIVATE …)
#   ROOMS    rooms whose headers this one may include (checked again by tests/architecture)
#   PUBLIC   libraries whose headers stand in this room's headers
#   PRIVATE  libraries that this room keeps to itself
function(swiftlet_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;ROOMS;PUBLIC;PRIVATE" ${ARGN})
  add_library(swiftlet_${name} STATIC ${ROOM_SOURCES})
  add_library(swiftlet::${name} ALIAS swiftlet_${name})
  target_include_directories(swiftlet_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(swiftlet_${name} PUBLIC ${ROOM_ROOMS} ${ROOM_PUBLIC} PRIVATE swiftlet_flags ${ROOM_PRIVATE})
endfunction()
