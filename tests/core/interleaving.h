#pragma once
// Several workers of which exactly one moves at a time. A seed says which is next, which is killed
// or suspended, and how time passes, so that the same seed is the same history.

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <semaphore>
#include <thread>
#include <vector>

#include "lib/base/clock.h"

namespace lamppost::testing {

struct Killed {};  // no std::exception: nobody may catch it on the way

class Interleaving final : public Clock {
 public:
  struct Chances {         // one in so many pauses; 0: never
    unsigned kill = 0;     // the worker ends where it is
    unsigned suspend = 0;  // for up to three minutes, as a stopped machine is
    unsigned stop = 0;     // it is asked to end
  };

  Interleaving(unsigned seed, Time start, Chances chances)
      : random_(seed), now_(start), chances_(chances) {}
  ~Interleaving() override {
    for (auto& worker : workers_) worker->thread.join();
  }
  Interleaving(const Interleaving&) = delete;
  Interleaving& operator=(const Interleaving&) = delete;

  /// One more worker, before run() or by another one. Its work ends with whatever pause() throws.
  void start(std::function<void()> work) {
    auto& worker = *workers_.emplace_back(std::make_unique<Worker>());
    worker.number = workers_.size() - 1;
    worker.thread = std::thread([this, &worker, work = std::move(work)] {
      worker.go.acquire();
      work();
      worker.ended = true;
      switch_from(nullptr);
    });
  }

  /// Until all have ended.
  void run() {
    switch_from(nullptr);
    all_ended_.acquire();
  }

  /// The world may change here. Throws Killed.
  void pause() {
    if (random_() % 3 != 0) return;
    if (is_chance(chances_.kill)) current_->doomed = true;
    if (is_chance(chances_.stop)) current_->stopping = true;
    if (is_chance(chances_.suspend)) current_->wakes_at = now_ + Seconds{random_() % 180};
    if (is_chance(400)) now_ += Seconds{1};
    switch_from(current_);
  }

  Time now() const override { return now_; }
  void sleep(Seconds time) override {
    current_->wakes_at = now_ + time;
    switch_from(current_);
  }

  /// From now on nobody is killed, suspended or stopped.
  void calm_down() noexcept { chances_ = {}; }

  std::size_t current() const noexcept { return current_->number; }
  bool is_stopping() const noexcept { return current_->stopping; }
  unsigned random() { return static_cast<unsigned>(random_()); }

 private:
  struct Worker {
    std::size_t number = 0;
    std::thread thread;
    std::binary_semaphore go{0};
    Time wakes_at{};
    bool ended = false, doomed = false, stopping = false;
  };

  bool is_chance(unsigned one_in) { return one_in > 0 && random_() % one_in == 0; }

  // From none: it has ended, or is the test itself.
  void switch_from(Worker* from) {
    auto* const next = choose();
    if (next == nullptr) return all_ended_.release();
    current_ = next;
    if (next == from) return check_alive(*from);
    next->go.release();
    if (from == nullptr) return;
    from->go.acquire();
    check_alive(*from);
  }

  static void check_alive(const Worker& worker) {
    if (worker.doomed) throw Killed{};
  }

  Worker* choose() {
    std::vector<Worker*> awake;
    std::optional<Time> first;
    for (const auto& worker : workers_) {
      if (worker->ended) continue;
      first = std::min(first.value_or(worker->wakes_at), worker->wakes_at);
    }
    if (!first) return nullptr;
    now_ = std::max(now_, *first);
    for (const auto& worker : workers_)
      if (!worker->ended && worker->wakes_at <= now_) awake.push_back(worker.get());
    return awake[random_() % awake.size()];
  }

  std::mt19937 random_;
  Time now_;
  Chances chances_;
  std::vector<std::unique_ptr<Worker>> workers_;
  Worker* current_ = nullptr;
  std::binary_semaphore all_ended_{0};
};

}  // namespace lamppost::testing
