#include "domain/image.h"

#include "tests/support/images.h"

#include <gtest/gtest.h>

namespace gatehouse::domain {
namespace {

using namespace tests;

std::string told(const std::string& bytes) {
  const auto header = read_image_header(bytes);
  if (!header) return "nothing";
  return std::string(header->media_type) + " ." + std::string(header->extension) + " " + std::to_string(header->width) +
         "x" + std::to_string(header->height);
}

TEST(ImageHeader, TellsKindAndSize) {
  EXPECT_EQ(told(png_of(320, 80)), "image/png .png 320x80");
  EXPECT_EQ(told(png_of(0, 0xffffffff)), "image/png .png 0x4294967295");
  EXPECT_EQ(told(gif_of(513, 2)), "image/gif .gif 513x2");
  EXPECT_EQ(told("GIF87a" + gif_of(7, 9).substr(6)), "image/gif .gif 7x9");
  EXPECT_EQ(told(jpeg_of(640, 258)), "image/jpeg .jpeg 640x258");
  EXPECT_EQ(told(webp_of(70'000, 300)), "image/webp .webp 70000x300");
  const std::string lossy = std::string("RIFF\x20\0\0\0WEBPVP8 \x0a\0\0\0\x30\x01\0\x9d\x01\x2a", 26);
  EXPECT_EQ(told(lossy + bytes_of(0x4000 + 320, 2, false) + bytes_of(80, 2, false)), "image/webp .webp 320x80");
  const std::string lossless = std::string("RIFF\x20\0\0\0WEBPVP8L\x0a\0\0\0\x2f", 21);
  EXPECT_EQ(told(lossless + bytes_of(319 | 79 << 14, 4, false)), "image/webp .webp 320x80");
}

TEST(ImageHeader, EveryBeginningOfAPictureIsNone) {
  for (const std::string& whole :
       {png_of(320, 80).substr(0, 24), gif_of(513, 2), jpeg_of(640, 258).substr(0, 20), webp_of(70'000, 300)}) {
    ASSERT_EQ(told(whole.substr(0, 23)), "nothing");
    for (std::size_t size = 0; size < std::min<std::size_t>(whole.size(), 24); ++size) {
      EXPECT_EQ(told(whole.substr(0, size)), "nothing") << size;
    }
  }
  EXPECT_EQ(told(webp_of(1, 1).substr(0, 29)), "nothing");
}

TEST(ImageHeader, WhatIsNoPictureOfTheFourIsNothing) {
  const std::string filler(64, ' ');
  for (const std::string& bytes :
       {std::string(), filler, "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"></svg>" + filler,
        "<!doctype html><script>alert(1)</script>" + filler, "%PDF-1.7" + filler, "BM" + filler, "II*\0" + filler,
        "RIFF\x20\x20\x20\x20WAVEfmt " + filler, "RIFF\x20\x20\x20\x20WEBPVP8?" + filler, "GIF88a" + filler,
        "\x89PNG\r\n\x1a\n" + filler, " " + png_of(1, 1), std::string("\xff\xd8") + filler,
        // A frame behind the beginning of a scan, and segments that go nowhere.
        std::string("\xff\xd8\xff\xda\x00\x02", 6) + jpeg_of(1, 1).substr(2),
        std::string("\xff\xd8\xff\xe0\x00\x00", 6) + jpeg_of(1, 1).substr(2),
        std::string("\xff\xd8\xff\xe0\xff\xff", 6) + filler}) {
    EXPECT_EQ(told(bytes), "nothing") << bytes.substr(0, 20);
  }
}

}  // namespace
}  // namespace gatehouse::domain
