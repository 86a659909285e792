#pragma once
// What nobody near the place can help: thrown, and caught at the edges only (Router, stream, main).

#include <stdexcept>

namespace lamppost {

class Failure : public std::runtime_error {
  using std::runtime_error::runtime_error;
};
class CryptoFailure : public Failure {
  using Failure::Failure;
};
class StoreFailure : public Failure {
  using Failure::Failure;
};

}  // namespace lamppost
