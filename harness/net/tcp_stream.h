#pragma once
// A connected socket as a Stream. Only for this folder, whose listeners and connectors make streams
// for everybody else: no other may see Asio's sockets.

#include <asio/ip/tcp.hpp>
#include <memory>
#include <string>

#include "harness/net/stream.h"
#include "harness/net/world.h"

namespace startle::net {

// `acknowledges_at_once`: as of a TcpListener.
std::unique_ptr<Stream> make_tcp_stream(RealWorld& world, asio::ip::tcp::socket socket,
                                        bool acknowledges_at_once = false);

// The system's words as the end of a sentence of ours: "connection refused".
std::string in_words(const asio::error_code& failure);

}  // namespace startle::net
