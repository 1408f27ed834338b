#include "harness/subject/launch_order.h"

#include <cstring>

#include "harness/base/error.h"

namespace startle::subject {
namespace {

// A number of octets, and these: strings, each behind its length.
class Packer {
 public:
  void add(const std::string& text) {
    add(text.size());
    body_ += text;
  }
  void add(std::uint64_t number) {
    char octets[sizeof number];
    std::memcpy(octets, &number, sizeof number);
    body_.append(octets, sizeof number);
  }
  void add(const std::vector<std::string>& all) {
    add(all.size());
    for (const std::string& one : all) add(one);
  }
  std::string done() const {
    Packer head;
    head.add(body_.size());
    return head.body_ + body_;
  }

 private:
  std::string body_{};
};

class Unpacker {
 public:
  explicit Unpacker(const std::string& bytes) : bytes_(bytes) {}
  std::uint64_t number() {
    std::uint64_t value = 0;
    need(sizeof value);
    std::memcpy(&value, bytes_.data() + at_, sizeof value);
    at_ += sizeof value;
    return value;
  }
  std::string text() {
    const std::uint64_t size = number();
    need(size);
    std::string taken = bytes_.substr(at_, size);
    at_ += size;
    return taken;
  }
  std::vector<std::string> texts() {
    std::vector<std::string> all;
    for (std::uint64_t left = number(); left > 0; --left) all.push_back(text());
    return all;
  }

 private:
  void need(std::uint64_t size) const {
    if (size > bytes_.size() - at_) throw Error(Fault::internal, "a launch order is cut short");
  }
  const std::string& bytes_;
  std::size_t at_ = 0;
};

// A user or a group, or none.
constexpr std::uint64_t kNone = ~std::uint64_t{0};
std::uint64_t number_of(const std::optional<uid_t>& id) {
  return id ? *id : kNone;
}
std::optional<uid_t> id_of(std::uint64_t number) {
  if (number == kNone) return std::nullopt;
  return static_cast<uid_t>(number);
}

}  // namespace

std::string packed(const LaunchOrder& order) {
  Packer packer;
  packer.add(order.arguments);
  packer.add(order.environment);
  packer.add(order.folder);
  packer.add(order.hosts);
  packer.add(number_of(order.user));
  packer.add(number_of(order.group));
  packer.add(static_cast<std::uint64_t>(order.deadline.count()));
  packer.add(order.most_on_disk);
  return packer.done();
}

std::optional<LaunchOrder> unpacked(const std::string& bytes) {
  if (bytes.size() < sizeof(std::uint64_t)) return std::nullopt;
  Unpacker unpacker(bytes);
  const std::uint64_t size = unpacker.number();
  if (bytes.size() - sizeof size < size) return std::nullopt;
  LaunchOrder order;
  order.arguments = unpacker.texts();
  order.environment = unpacker.texts();
  order.folder = unpacker.text();
  order.hosts = unpacker.text();
  order.user = id_of(unpacker.number());
  order.group = id_of(unpacker.number());
  order.deadline = std::chrono::milliseconds(unpacker.number());
  order.most_on_disk = unpacker.number();
  return order;
}

}  // namespace startle::subject
