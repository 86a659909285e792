#pragma once
// Many processes that do something to the database at the same moment, as the workers do.

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <functional>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace lamppost::contract {

template <class Answer>
struct Member {
  Answer answer;
  std::string failure;  // empty: none
};

template <class Answer>
struct Board {  // in memory that parent and children share
  std::atomic<unsigned> ready;
  std::atomic<bool> started;
  struct Cell {
    Answer answer;
    char failure[256];
  };
  Cell cells[1];  // one for each, there is more memory behind
};

/// Runs `work(i, start)` in `size` processes. `work` calls `start` when it is prepared (connected,
/// say), and that returns in all of them at once; its answer is a plain value.
template <class Answer, class Work>
std::vector<Member<Answer>> crowd(unsigned size, const Work& work) {
  static_assert(std::is_trivially_copyable_v<Answer>);
  using Shared = Board<Answer>;
  const auto bytes = sizeof(Shared) + size * sizeof(typename Shared::Cell);
  void* const memory =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error("crowd: no shared memory");
  auto& board = *new (memory) Shared{};
  const auto pause = [] { std::this_thread::sleep_for(std::chrono::milliseconds{1}); };
  const std::function<void()> start = [&] {
    ++board.ready;
    while (!board.started) pause();
  };
  std::vector<pid_t> children;
  for (unsigned i = 0; i < size; ++i) {
    const auto child = fork();
    if (child == -1) throw std::runtime_error("crowd: no more processes");
    if (child == 0) {
      auto& cell = board.cells[i];
      try {
        cell.answer = work(i, start);
      } catch (const std::exception& failure) {
        strncpy(cell.failure, failure.what(), sizeof cell.failure - 1);
        ++board.ready;  // perhaps once too often: then the others start a little early
      }
      _exit(0);  // the parent's sessions are not ours to close
    }
    children.push_back(child);
  }
  for (int waited = 0; board.ready < size && waited < 20'000; ++waited) pause();
  board.started = true;
  std::vector<Member<Answer>> members;
  for (unsigned i = 0; i < size; ++i) {
    int status = 0;
    waitpid(children[i], &status, 0);
    const auto& cell = board.cells[i];
    members.push_back({cell.answer, status == 0 ? cell.failure : "the process died"});
  }
  munmap(memory, bytes);
  return members;
}

/// The failures, for a check that there are none.
template <class Answer>
std::vector<std::string> failures_of(std::span<const Member<Answer>> members) {
  std::vector<std::string> failures;
  for (const auto& member : members)
    if (!member.failure.empty()) failures.push_back(member.failure);
  return failures;
}

}  // namespace lamppost::contract
