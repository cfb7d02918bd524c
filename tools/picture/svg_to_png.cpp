#include "tools/picture/svg_to_png.hpp"

#include <cairo.h>
#include <fmt/core.h>
#include <librsvg/rsvg.h>

#include <memory>

namespace swiftlet::tools {
namespace {

struct Release {
  void operator()(RsvgHandle* handle) const { g_object_unref(handle); }
  void operator()(GInputStream* stream) const { g_object_unref(stream); }
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
};

template <class T>
using Held = std::unique_ptr<T, Release>;

}  // namespace

Expected<void> write_svg_as_png(const std::string& svg, const std::filesystem::path& png) {
  const auto refuse = [&](const char* why) {
    return fail(ErrorCode::output_refused, fmt::format("the picture cannot be drawn: {}", why), png.string());
  };
  GError* said = nullptr;
  // An image within may be longer than the parser takes from strangers.
  const Held<GInputStream> text(
      g_memory_input_stream_new_from_data(svg.data(), static_cast<gssize>(svg.size()), nullptr));
  const Held<RsvgHandle> handle(
      rsvg_handle_new_from_stream_sync(text.get(), nullptr, RSVG_HANDLE_FLAG_UNLIMITED, nullptr, &said));
  if (!handle) {
    auto error = refuse(said->message);
    g_error_free(said);
    return error;
  }
  double width = 0.0;
  double height = 0.0;
  if (rsvg_handle_get_intrinsic_size_in_pixels(handle.get(), &width, &height) == 0) return refuse("it has no size");
  const Held<cairo_surface_t> surface(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(width), static_cast<int>(height)));
  const Held<cairo_t> cairo(cairo_create(surface.get()));
  const RsvgRectangle all{0.0, 0.0, width, height};
  if (rsvg_handle_render_document(handle.get(), cairo.get(), &all, &said) == 0) {
    auto error = refuse(said->message);
    g_error_free(said);
    return error;
  }
  if (const cairo_status_t status = cairo_surface_write_to_png(surface.get(), png.c_str());
      status != CAIRO_STATUS_SUCCESS) {
    return refuse(cairo_status_to_string(status));
  }
  return {};
}

}  // namespace swiftlet::tools
