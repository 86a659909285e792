#pragma once
// The owner of what a C library hands out: std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>.

namespace lamppost {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* handle) const noexcept {
    Free(handle);
  }
};

}  // namespace lamppost
