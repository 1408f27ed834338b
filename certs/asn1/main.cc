// A program of the build: turns an ASN.1 module into the table that libtasn1 works from, as
// asn1Parser does, which not every Debian with libtasn1 has.
//
//   asn1_table MODULE.asn INTO NAME

#include <libtasn1.h>

#include <array>
#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: asn1_table MODULE.asn INTO NAME\n", stderr);
    return 2;
  }
  std::array<char, ASN1_MAX_ERROR_DESCRIPTION_SIZE> why{};
  const int failed = asn1_parser2array(argv[1], argv[2], argv[3], why.data());
  if (failed != ASN1_SUCCESS) std::fprintf(stderr, "%s\n", why.data());
  return failed == ASN1_SUCCESS ? 0 : 1;
}
