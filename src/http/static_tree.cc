// SPDX-License-Identifier: Apache-2.0

#include "src/http/static_tree.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/tlog/tile_path.h"

namespace consent::http {
namespace {

constexpr char kForEver[] = "public, max-age=31536000, immutable";
constexpr char kFresh[] = "no-cache";
constexpr char kBytes[] = "application/octet-stream";

struct Place {
  std::string log;
  std::string_view rest;  // "checkpoint", "tile/0/000", "vkey", or anything else.
};

// The log that a path names: the longest name that fits, else the first log.
Place PlaceOf(const std::vector<std::string>& logs, std::string_view path) {
  path.remove_prefix(1);
  const std::string* named = nullptr;
  for (const std::string& log : logs) {
    const bool fits = path.size() > log.size() && path.starts_with(log) && path[log.size()] == '/';
    if (fits && (named == nullptr || log.size() > named->size())) named = &log;
  }
  if (named != nullptr) return {.log = *named, .rest = path.substr(named->size() + 1)};
  return {.log = logs.empty() ? "" : logs.front(), .rest = path};
}

Response Found(absl::StatusOr<std::string> body, const char* content_type, const char* caching) {
  if (absl::IsNotFound(body.status())) return Text(404, "there is nothing here");
  if (absl::IsUnavailable(body.status())) return Text(503, "not available now; ask again");
  if (!body.ok()) return Text(500, "internal error");
  return {.status = 200,
          .content_type = content_type,
          .body = *std::move(body),
          .headers = {{"Cache-Control", caching}}};
}

Response Serve(LogSource& source, const Place& place) {
  if (place.rest == "checkpoint") return Found(source.Checkpoint(place.log), kPlainText, kFresh);
  if (place.rest == "vkey") return Found(source.VerifierKeys(place.log), kPlainText, kFresh);
  if (!place.rest.starts_with("tile/")) return Text(404, "there is nothing here");
  const absl::StatusOr<tlog::TilePath> path = tlog::ParseTilePath(place.rest);
  if (!path.ok()) return Text(400, "this is no path of a tile");
  if (path->kind == tlog::TilePath::Kind::kEntries) {
    return Found(source.Entries(place.log, path->tile.index, path->tile.width), kBytes, kForEver);
  }
  if (path->tile.level > merkle::kTileLevelMax) return Text(404, "there is nothing here");
  return Found(source.Tile(place.log, path->tile), kBytes, kForEver);
}

}  // namespace

Response ServeTree(LogSource& source, const Request& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    Response response = Text(405, "this can only be read");
    response.headers.emplace_back("Allow", "GET, HEAD");
    return response;
  }
  Response response = Serve(source, PlaceOf(source.Logs(), request.path));
  // What is not there now may be there soon.
  if (response.status != 200) response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

}  // namespace consent::http
