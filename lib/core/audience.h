#pragma once
// Who gets a message: an expression over what is known of subscribers. Knows no store; how it is
// asked of a database: lib/mysql/audience_sql.h.
//
//   news                          chose the topic news; topic:news is the same
//   lang:de                       has that language, de-AT too
//   service:apple                 is with that push service (service.h)
//   seen:30d  joined:30d          was there, came, within so many days
//   user:"42"                     belongs to that user of the site
//   segment:regulars              is in the owner's segment of that name
//   !a   a && b   a || b   (a)    in the order in which they bind
//
// Nothing at all: everybody. Whoever has paused or is gone is never in it.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace lamppost::core {

class Audience {
 public:
  static constexpr std::size_t kMaxSize = 1000;  // bytes, as it is given
  static constexpr std::size_t kMaxTerms = 50;
  static constexpr std::size_t kMaxDepth = 20;  // of parentheses

  enum class Kind { Topic, Language, Service, Seen, Joined, User, Segment };
  struct Term {
    Kind kind;
    std::string text;           // a language in small letters; empty of Seen and Joined
    std::chrono::days days{0};  // of these
    friend bool operator==(const Term&, const Term&) = default;
  };
  enum class Join { Not, And, Or };
  struct Step {  // a term is put on a stack, a join takes one or two from it and puts one there
    bool is_term;
    Term term;
    Join join;
    friend bool operator==(const Step&, const Step&) = default;
  };
  struct Named {  // a segment: who is meant by segment:name
    std::string name;
    std::string audience;
  };
  struct Known {  // what names may stand for
    std::vector<Named> segments;
    std::vector<std::string> topics;
  };

  /// Everybody.
  Audience() = default;

  /// Error: field "audience", with the position (of bytes, from 1) and what would be right there.
  static Result<Audience> parse(std::string_view text);
  /// What text() made, which is longer and deeper than anybody may write it. Error: as parse.
  static Result<Audience> stored(std::string_view text);

  /// With the segments' own expressions in the place of their names. Error: field "audience", when
  /// a segment or a topic is not there.
  Result<Audience> resolved(const Known&) const;

  /// For stored(): means the same. Empty: everybody.
  std::string text() const;

  bool is_everybody() const noexcept { return steps_.empty(); }
  /// In the order in which a stack takes them; exactly one is left at the end. None: everybody.
  const std::vector<Step>& steps() const noexcept { return steps_; }
  /// The names of that kind, each once, in the order in which they stand there.
  std::vector<std::string> names(Kind) const;

 private:
  friend class AudienceParser;
  std::size_t terms() const;
  std::vector<Step> steps_;
};

}  // namespace lamppost::core
