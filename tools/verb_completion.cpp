#include <fmt/core.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tools/verb.hpp"

namespace swiftlet::tools {
namespace {

/// A place where words can be completed: the verbs so far, and what may come next.
struct Place {
  std::string path;
  std::vector<std::string> words;
};

void collect(const CLI::App& app, const std::string& path, std::vector<Place>& places) {
  Place here{.path = path, .words = {}};
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    here.words.push_back(verb->get_name());
    collect(*verb, path.empty() ? verb->get_name() : path + " " + verb->get_name(), places);
  }
  for (const CLI::App* from = &app; from != nullptr; from = from->get_parent()) {
    for (const CLI::Option* option : from->get_options()) {
      for (const std::string& name : option->get_lnames()) here.words.push_back("--" + name);
    }
  }
  std::sort(here.words.begin(), here.words.end());
  here.words.erase(std::unique(here.words.begin(), here.words.end()), here.words.end());
  places.push_back(std::move(here));
}

/// Goes along the words typed so far, as long as they are verbs, and offers what may follow; else files.
std::string bash(const std::vector<Place>& places) {
  std::string cases;
  std::string paths;
  for (const Place& p : places) {
    cases += fmt::format("    \"{}\") words=\"{}\" ;;\n", p.path, fmt::join(p.words, " "));
    if (!p.path.empty()) paths += fmt::format("|{}", p.path);
  }
  return fmt::format(R"(_swiftlet() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" path="" word next words=""
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    next="${{path:+$path }}$word"
    case "{}|" in *"|$next|"*) path="$next" ;; esac
  done
  case "$path" in
{}  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  if ((${{#COMPREPLY[@]}} == 0)); then mapfile -t COMPREPLY < <(compgen -f -- "$current"); fi
}}
complete -o filenames -F _swiftlet swiftlet
)",
                     paths, cases);
}

std::string fish(const std::vector<Place>& places) {
  std::string lines;
  for (const Place& p : places) {
    std::string condition = p.path.empty() ? "__fish_use_subcommand" : "";
    for (std::size_t at = 0; at < p.path.size();) {
      const std::size_t end = std::min(p.path.find(' ', at), p.path.size());
      condition += fmt::format("{}__fish_seen_subcommand_from {}", condition.empty() ? "" : "; and ",
                               p.path.substr(at, end - at));
      at = end + 1;
    }
    for (const std::string& word : p.words) {
      lines += word.starts_with("--") ? fmt::format("complete -c swiftlet -n '{}' -l {}\n", condition, word.substr(2))
                                      : fmt::format("complete -c swiftlet -n '{}' -a {}\n", condition, word);
    }
  }
  return lines;
}

}  // namespace

void add_completion(CLI::App& app, VerbContext context) {
  auto* command = app.add_subcommand("completion", "A shell's completion of this command line, on standard output");
  auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([shell, &app, context] {
    std::vector<Place> places;
    collect(app, "", places);
    if (*shell == "fish") {
      fmt::print("{}", fish(places));
    } else {
      if (*shell == "zsh") fmt::print("autoload -U +X bashcompinit && bashcompinit\n");
      fmt::print("{}", bash(places));
    }
    context.exit_status = 0;
  });
}

}  // namespace swiftlet::tools
