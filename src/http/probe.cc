#include "http/probe.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace gatehouse::http {

namespace asio = boost::asio;
namespace beast = boost::beast;

namespace {

asio::ip::address to_asio(base::IpAddress address) {
  const auto is_zero = [](std::uint8_t byte) { return byte == 0; };
  if (address.is_v4()) {
    if (std::all_of(address.bytes.begin() + 12, address.bytes.end(), is_zero)) return asio::ip::address_v4::loopback();
  } else if (std::all_of(address.bytes.begin(), address.bytes.end(), is_zero)) {
    return asio::ip::address_v6::loopback();
  }
  return asio::ip::make_address(address.to_string());
}

}  // namespace

int probe(const base::IpAddress& address, std::uint16_t port, const std::string& path) {
  asio::io_context context;
  beast::tcp_stream stream(context);
  beast::flat_buffer buffer;
  beast::http::request<beast::http::empty_body> request(beast::http::verb::get, path, 11);
  beast::http::response<beast::http::string_body> response;
  request.set("Host", "localhost");
  int status = 0;
  stream.expires_after(std::chrono::seconds(5));
  // The time limit of a tcp_stream holds for asynchronous calls only.
  stream.async_connect(asio::ip::tcp::endpoint(to_asio(address), port), [&](beast::error_code connect_error) {
    if (connect_error) return;
    beast::http::async_write(stream, request, [&](beast::error_code write_error, std::size_t) {
      if (write_error) return;
      beast::http::async_read(stream, buffer, response, [&](beast::error_code read_error, std::size_t) {
        if (!read_error) status = int(response.result_int());
      });
    });
  });
  context.run();
  return status;
}

}  // namespace gatehouse::http
