// SPDX-License-Identifier: Apache-2.0

#include "bench/plot.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace consent::bench {
namespace {

constexpr double kWidth = 720;
constexpr double kHeight = 420;
constexpr double kLeft = 80;
constexpr double kRight = 190;  // Room for the names of series.
constexpr double kTop = 40;
constexpr double kBottom = 50;
constexpr int kMarksOfY = 5;
// Told apart by those who see no red or green as well.
constexpr const char* kColours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9"};

std::string Escaped(const std::string& text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}});
}

// 1500 as "1,500", 2000000 as "2 M".
std::string Shown(double value) {
  if (value >= 1e6) return absl::StrFormat("%.3g M", value / 1e6);
  if (value >= 1e4) return absl::StrFormat("%.3g k", value / 1e3);
  return absl::StrFormat("%.4g", value);
}

// 1, 2 or 5 times a power of ten, so that kMarksOfY steps reach `most`.
double StepFor(double most) {
  const double least = most / kMarksOfY;
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least) return factor * power;
  }
  return 10 * power;
}

// Where values lie on the paper.
class Axes {
 public:
  explicit Axes(const Plot& plot) : log_y_(plot.log_y) {
    double least_y = INFINITY;
    double most_y = 0;
    for (const Series& series : plot.series) {
      for (const auto& [x, y] : series.points) {
        xs_.insert(x);
        least_y = std::min(least_y, y);
        most_y = std::max(most_y, y);
      }
    }
    if (xs_.empty()) return;
    if (log_y_) {
      const double first = std::floor(std::log10(least_y));
      const double last = std::max(first + 1, std::ceil(std::log10(most_y)));
      for (double power = first; power <= last; ++power) ys_.push_back(std::pow(10, power));
    } else {
      const double step = StepFor(std::max(most_y, 1e-9));
      for (int i = 0; i <= kMarksOfY; ++i) ys_.push_back(i * step);
    }
  }

  const std::set<double>& xs() const { return xs_; }
  const std::vector<double>& ys() const { return ys_; }

  double X(double x) const {
    const double span = std::log(*xs_.rbegin() / *xs_.begin());
    return kLeft + (kWidth - kLeft - kRight) * (span > 0 ? std::log(x / *xs_.begin()) / span : 0.5);
  }
  double Y(double y) const {
    const double share =
        log_y_ ? std::log(y / ys_.front()) / std::log(ys_.back() / ys_.front()) : y / ys_.back();
    return kHeight - kBottom - (kHeight - kTop - kBottom) * share;
  }

 private:
  const bool log_y_;
  std::set<double> xs_;     // Of all points.
  std::vector<double> ys_;  // Marks, from below.
};

std::string Text(double x, double y, const std::string& anchor, const std::string& text) {
  return absl::StrFormat("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x, y, anchor,
                         Escaped(text));
}

std::string Line(double x1, double y1, double x2, double y2) {
  return absl::StrFormat(
      "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ccc\"/>\n", x1, y1, x2, y2);
}

std::string Drawn(const Series& series, const Axes& axes, const std::string& colour) {
  std::string line;
  std::string dots;
  for (const auto& [x, y] : series.points) {
    absl::StrAppendFormat(&line, "%.1f,%.1f ", axes.X(x), axes.Y(y));
    absl::StrAppendFormat(&dots, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n",
                          axes.X(x), axes.Y(y), colour);
  }
  return absl::StrCat("<polyline fill=\"none\" stroke=\"", colour,
                      "\" stroke-width=\"2\" points=\"", line, "\"/>\n", dots);
}

}  // namespace

std::string DrawSvg(const Plot& plot) {
  const Axes axes(plot);
  std::string svg = absl::StrFormat(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" "
      "font-family=\"sans-serif\""
      " font-size=\"12\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
      kWidth, kHeight);
  const double middle = kLeft + (kWidth - kLeft - kRight) / 2;
  absl::StrAppend(&svg, Text(middle, 22, "middle", plot.title),
                  Text(middle, kHeight - 12, "middle", plot.x_label),
                  Text(8, kTop - 12, "start", plot.y_label));
  for (const double y : axes.ys()) {
    absl::StrAppend(&svg, Line(kLeft, axes.Y(y), kWidth - kRight, axes.Y(y)),
                    Text(kLeft - 6, axes.Y(y) + 4, "end", Shown(y)));
  }
  for (const double x : axes.xs()) {
    absl::StrAppend(&svg, Line(axes.X(x), kTop, axes.X(x), kHeight - kBottom),
                    Text(axes.X(x), kHeight - kBottom + 18, "middle", Shown(x)));
  }
  size_t shown = 0;
  for (const Series& series : plot.series) {
    if (series.points.empty()) continue;
    const std::string colour = kColours[shown % std::size(kColours)];
    const double y = kTop + 10 + 20 * static_cast<double>(shown++);
    absl::StrAppend(&svg, Drawn(series, axes, colour), "<g fill=\"", colour, "\">",
                    Text(kWidth - kRight + 12, y, "start", series.name), "</g>\n");
  }
  return svg + "</svg>\n";
}

}  // namespace consent::bench
