#include "smtp/sender.h"

#include "base/text.h"

#include <algorithm>
#include <cstring>
#include <curl/curl.h>
#include <fmt/format.h>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace gatehouse::smtp {

namespace {

constexpr std::size_t kReplyLimitBytes = 300;
constexpr std::string_view kGoodbye = "221";

struct CurlDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// What went over one connection.
struct Conversation {
  std::string_view left_to_send;
  std::string last_reply;
  bool greeted = false;  // the server answered something else than a refusal at least once
};

std::size_t give_message(char* buffer, std::size_t size, std::size_t count, void* context) {
  auto& left = static_cast<Conversation*>(context)->left_to_send;
  const std::size_t bytes = std::min(size * count, left.size());
  std::memcpy(buffer, left.data(), bytes);
  left.remove_prefix(bytes);
  return bytes;
}

std::size_t take_reply(char* data, std::size_t size, std::size_t count, void* context) {
  auto& conversation = *static_cast<Conversation*>(context);
  const std::string_view line(data, size * count);
  // The goodbye comes after the answer that matters.
  if (!line.starts_with(kGoodbye)) conversation.last_reply = line;
  if (line.starts_with('2')) conversation.greeted = true;
  return size * count;
}

/// Called about once a second, also while nothing comes: anything but 0 ends the transfer.
int ask_whether_to_stop(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::stop_token*>(context)->stop_requested() ? 1 : 0;
}

template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(handle, option, value);
  if (code != CURLE_OK) throw std::runtime_error(fmt::format("libcurl: {}", curl_easy_strerror(code)));
}

/// Fit to be logged and shown: a server may answer anything.
std::string to_reply(std::string_view raw, const base::Secret& password) {
  std::string text(raw);
  while (!password.empty() && text.find(password.reveal()) != std::string::npos) {
    text.replace(text.find(password.reveal()), password.reveal().size(), std::string());
  }
  const bool utf8 = base::is_valid_utf8(text);
  std::erase_if(text, [](char character) { return static_cast<unsigned char>(character) < 0x20 || character == 0x7f; });
  if (!utf8) {
    std::ranges::replace_if(
        text, [](char character) { return static_cast<unsigned char>(character) >= 0x80; }, '?');
  }
  if (text.size() > kReplyLimitBytes) {
    std::size_t end = kReplyLimitBytes;
    while ((static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    text.resize(end);
  }
  return text;
}

/// Where the letter goes and how: never to a proxy from the environment, never in the clear where TLS is asked for.
void set_connection(CURL* handle, const Settings& settings, const Server& server) {
  const std::string url = fmt::format("{}://{}:{}/{}", server.security == Security::implicit ? "smtps" : "smtp",
                                      server.host, server.port, settings.helo_name);
  set(handle, CURLOPT_URL, url.c_str());
  set(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(handle, CURLOPT_PROXY, "");
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_FORBID_REUSE, 1L);
  set(handle, CURLOPT_TIMEOUT, long(settings.timeout_seconds));
  set(handle, CURLOPT_CONNECTTIMEOUT, long(settings.timeout_seconds));
  set(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, long(settings.timeout_seconds));
  set(handle, CURLOPT_USE_SSL, long(server.security == Security::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  set(handle, CURLOPT_SSLVERSION, long(CURL_SSLVERSION_TLSv1_2));
  set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!settings.ca_file.empty()) set(handle, CURLOPT_CAINFO, settings.ca_file.c_str());
  if (server.user.empty()) return;
  set(handle, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
  set(handle, CURLOPT_USERNAME, server.user.c_str());
  // A Secret holds a std::string, so its text ends with NUL; a copy of ours would not be wiped.
  set(handle, CURLOPT_PASSWORD, server.password.reveal().data());
}

/// A refusal of us (at the greeting, at sign-in) is no refusal of the letter: an operator can put it right.
bool is_about_letter(CURLcode code, long reply_code, const Conversation& conversation) {
  const bool answered = code == CURLE_SEND_ERROR || code == CURLE_WEIRD_SERVER_REPLY;
  const bool sign_in = reply_code >= 530 && reply_code <= 538;
  return answered && conversation.greeted && reply_code >= 500 && reply_code <= 599 && !sign_in;
}

}  // namespace

Sender::Sender(Settings settings) : settings_(std::move(settings)), server_(parse_server_url(settings_.url.reveal())) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) throw std::runtime_error("libcurl can't be initialized");
  if (settings_.timeout_seconds < 1 || settings_.timeout_seconds > 600) {
    throw std::invalid_argument("the SMTP timeout must be between 1 and 600 seconds");
  }
  constexpr std::string_view kHostCharacters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-";
  if (settings_.helo_name.find_first_not_of(kHostCharacters) != std::string::npos) {
    throw std::invalid_argument("the name that is said to the SMTP server must be a host name");
  }
}

Delivery Sender::send(const Message& message, std::stop_token stop) const {
  std::string wire;
  try {
    wire = to_wire(message);
  } catch (const std::invalid_argument& refused) {
    return {Outcome::failed, refused.what()};
  }
  // Before the handle, which may use them until it is gone.
  Conversation conversation{wire, {}, false};
  char reason[CURL_ERROR_SIZE] = "";
  const std::unique_ptr<curl_slist, CurlDeleter> recipients(curl_slist_append(nullptr, message.to.text.c_str()));
  const std::unique_ptr<CURL, CurlDeleter> handle(curl_easy_init());
  if (!handle || !recipients) throw std::bad_alloc();
  set_connection(handle.get(), settings_, server_);
  set(handle.get(), CURLOPT_MAIL_FROM, message.from.text.c_str());
  set(handle.get(), CURLOPT_MAIL_RCPT, recipients.get());
  set(handle.get(), CURLOPT_UPLOAD, 1L);
  set(handle.get(), CURLOPT_INFILESIZE_LARGE, curl_off_t(wire.size()));
  set(handle.get(), CURLOPT_READFUNCTION, &give_message);
  set(handle.get(), CURLOPT_READDATA, static_cast<void*>(&conversation));
  set(handle.get(), CURLOPT_HEADERFUNCTION, &take_reply);
  set(handle.get(), CURLOPT_HEADERDATA, static_cast<void*>(&conversation));
  set(handle.get(), CURLOPT_NOPROGRESS, 0L);
  set(handle.get(), CURLOPT_XFERINFOFUNCTION, &ask_whether_to_stop);
  set(handle.get(), CURLOPT_XFERINFODATA, static_cast<void*>(&stop));
  set(handle.get(), CURLOPT_ERRORBUFFER, static_cast<char*>(reason));

  const CURLcode code = curl_easy_perform(handle.get());
  long reply_code = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &reply_code);
  if (code == CURLE_OK) return {Outcome::sent, to_reply(conversation.last_reply, server_.password)};
  // What a server says to a wrong password may repeat what it was given.
  if (code == CURLE_LOGIN_DENIED) {
    return {Outcome::retry, fmt::format("the server refused the user name or the password ({})", reply_code)};
  }
  const Outcome outcome = is_about_letter(code, reply_code, conversation) ? Outcome::failed : Outcome::retry;
  const bool refused = reply_code >= 400 && !conversation.last_reply.empty();
  const std::string_view curl_reason = *reason != 0 ? reason : curl_easy_strerror(code);
  return {outcome, to_reply(refused ? std::string_view(conversation.last_reply) : curl_reason, server_.password)};
}

}  // namespace gatehouse::smtp
