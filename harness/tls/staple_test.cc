// Stapled OCSP responses, made once with `openssl ocsp` on 2026-11-22 for seven days.

#include "harness/tls/staple.h"

#include <gtest/gtest.h>

#include <chrono>

#include "harness/base/bytes.h"
#include "harness/tls/certificate_for_test.h"
#include "harness/tls/clock.h"

namespace startle::tls {
namespace {

using std::chrono::year;

constexpr const char* kAuthority =
    "3082014e3081f4a003020102021407e7b194ea95a244c51c71b018d7e69a45019b26300a06082a8648ce3d040302"
    "300d310b300906035504030c024341301e170d3236313132323039323031335a170d323631323232303932303133"
    "5a300d310b300906035504030c0243413059301306072a8648ce3d020106082a8648ce3d03010703420004e5c5d0"
    "a6886a43cc75766a6a7d30f90281fa310baf2faf6a15bf0e09383a53c7d5b78f0f640370b5f07a9ffde9344aeb77"
    "a5acfc487a1166a7cde4d851d38028a3323030300f0603551d130101ff040530030101ff301d0603551d0e041604"
    "14c1578f239159328f330cde9195abe1d7b97c01cd300a06082a8648ce3d0403020349003046022100ea4c02dc58"
    "895a87bda98564c940c32748d187ba63ca66a20a7c5c8fa25190f8022100882330e8e9924366aa5e4b0849b5f685"
    "035c49e5722b84349cd6500dfabcf613";
// Demands a staple.
constexpr const char* kGood =
    "3082015d30820103a003020102020111300a06082a8648ce3d040302300d310b300906035504030c024341301e17"
    "0d3236313132323039323031335a170d3236313232323039323031335a300c310a300806035504030c0161305930"
    "1306072a8648ce3d020106082a8648ce3d03010703420004b14f124f248f8fd06347394dac808c2a7a2b2659d1e2"
    "29c5a8a9e4243df353946814a997172cc2211bc2c65b932bfca53fe65c747fc5deac5277b55b4c4fa2dda3553053"
    "301106082b0601050507011804053003020105301d0603551d0e0416041410915e048ce052fa5b33a447c8cb6f00"
    "c9e40465301f0603551d23041830168014c1578f239159328f330cde9195abe1d7b97c01cd300a06082a8648ce3d"
    "0403020348003045022100ab74b928b8b52108aa7660fe9d2e367b52fcfbcae109956bfe8ee039cef192f8022065"
    "8b5fc91957cef7b102301bcc83deaae830fd70c4bfed537791c78ea3b9a6c3";
constexpr const char* kRevoked =
    "308201553081fba003020102020112300a06082a8648ce3d040302300d310b300906035504030c024341301e170d"
    "3236313132323039323031345a170d3236313232323039323031345a300c310a300806035504030c016230593013"
    "06072a8648ce3d020106082a8648ce3d03010703420004b14f124f248f8fd06347394dac808c2a7a2b2659d1e229"
    "c5a8a9e4243df353946814a997172cc2211bc2c65b932bfca53fe65c747fc5deac5277b55b4c4fa2dda34d304b30"
    "090603551d1304023000301d0603551d0e0416041410915e048ce052fa5b33a447c8cb6f00c9e40465301f060355"
    "1d23041830168014c1578f239159328f330cde9195abe1d7b97c01cd300a06082a8648ce3d040302034900304602"
    "2100b1fac857910e0c7d37a842dac0c470ab336de3fb9df56dba58a475f22e227008022100b377405e572072d6eb"
    "b3783bf98b776f42c71e0bc00245c501ced3360b39af10";
constexpr const char* kSaysGood =
    "3081fa0a0100a081f43081f106092b06010505073001010481e33081e0308188a10f300d310b300906035504030c"
    "024341180f32303236313132323039323031345a30643062303a300906052b0e03021a05000414711d397671c9fa"
    "cf2242095925979a0698e46b110414c1578f239159328f330cde9195abe1d7b97c01cd0201118000180f32303236"
    "313132323039323031345aa011180f32303236313132393039323031345a300a06082a8648ce3d04030203470030"
    "4402206381e01adf6c2cbe959615ed52f9fdd46423c476544f544ec292789ffaf24468022043f70c59ed3674894f"
    "2c429ebca9637e59422a61e34fe909e55beadb5ae352ce";
constexpr const char* kSaysRevoked =
    "3082010d0a0100a08201063082010206092b06010505073001010481f43081f1308199a10f300d310b3009060355"
    "04030c024341180f32303236313132323039323031355a30753073303a300906052b0e03021a05000414711d3976"
    "71c9facf2242095925979a0698e46b110414c1578f239159328f330cde9195abe1d7b97c01cd020112a111180f32"
    "303236313132303030303030305a180f32303236313132323039323031355aa011180f3230323631313239303932"
    "3031355a300a06082a8648ce3d0403020347003044022048dbc004605b6819bb41221b5554bf877a5b79fd57fbc0"
    "9bee2d9edc8db53e20022048b5cd168ef4de444905634ed4f89e403c60177e951283c92a03e157108bdecc";

std::string bytes(const char* hex) {
  return from_hex(hex).value();
}

std::string with_last_bit_flipped(std::string der) {
  der.back() = static_cast<char>(der.back() ^ 1);
  return der;
}

struct StapleRow {
  const char* name;
  std::string response;
  const char* certificate;
  std::string issuer;
  std::chrono::sys_days now;
  StapleStatus status;
};

TEST(Staple, IsReadForTheCertificateAndItsIssuerAtTheRunsClock) {
  using enum StapleStatus;
  constexpr std::chrono::sys_days kWithin = year{2026} / 11 / 25;
  const std::string authority = bytes(kAuthority);
  for (const StapleRow& row :
       {StapleRow{"good", bytes(kSaysGood), kGood, authority, kWithin, good},
        {"revoked", bytes(kSaysRevoked), kRevoked, authority, kWithin, revoked},
        {"before it", bytes(kSaysGood), kGood, authority, year{2026} / 11 / 21, out_of_date},
        {"behind it", bytes(kSaysGood), kGood, authority, year{2026} / 12 / 1, out_of_date},
        {"revoked for good", bytes(kSaysRevoked), kRevoked, authority, year{2026} / 12 / 1,
         revoked},
        {"about another", bytes(kSaysRevoked), kGood, authority, kWithin, of_another},
        {"another's signature", bytes(kSaysGood), kGood, self_signed({.common_name = "CA"}),
         kWithin, unacceptable},
        {"a wrong signature", with_last_bit_flipped(bytes(kSaysGood)), kGood, authority, kWithin,
         unacceptable},
        {"no response", "no DER", kGood, authority, kWithin, unacceptable},
        {"empty", "", kGood, authority, kWithin, unacceptable},
        // OCSPResponse { tryLater } (RFC 6960, 4.2.1)
        {"try later", bytes("30030a0103"), kGood, authority, kWithin, unacceptable}}) {
    set_run_clock(row.now);
    const Certificate certificate = certificate_from_der(bytes(row.certificate));
    const Certificate issuer = certificate_from_der(row.issuer);
    EXPECT_EQ(read_staple(row.response, certificate.get(), issuer.get()), row.status) << row.name;
  }
}

TEST(Staple, IsDemandedByTheTlsFeatureExtension) {
  EXPECT_TRUE(demands_staple(certificate_from_der(bytes(kGood)).get()));
  EXPECT_FALSE(demands_staple(certificate_from_der(bytes(kRevoked)).get()));
}

}  // namespace
}  // namespace startle::tls
