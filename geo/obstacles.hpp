#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <vector>

#include "geo/obstacle.hpp"

namespace swiftlet::geo {

/// Where obstacles that are not in memory yet are read from, one by one. Safe to use from any number of threads.
class ObstacleTable {
 public:
  virtual ~ObstacleTable() = default;
  [[nodiscard]] virtual std::size_t size() const = 0;
  /// Throws AirspaceDamaged. Precondition: k < size().
  [[nodiscard]] virtual Obstacle read(std::size_t k) const = 0;
};

/// The obstacles of an airspace, in a vector of their own or in a mapped file, from where each is read when it is first
/// asked for. Copies share them. Reading is safe from any number of threads.
class Obstacles {
 public:
  using value_type = Obstacle;

  Obstacles();
  explicit Obstacles(std::vector<Obstacle> obstacles);
  /// Nothing is read yet.
  explicit Obstacles(std::shared_ptr<const ObstacleTable> table);

  // No moves: they would leave nothing where obstacles are to be, and a copy costs as little.
  Obstacles(const Obstacles&) = default;
  Obstacles& operator=(const Obstacles&) = default;
  ~Obstacles() = default;

  /// Whether the two are copies of one another that nobody has changed.
  [[nodiscard]] bool shares_with(const Obstacles& other) const { return state_ == other.state_; }

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool empty() const { return size() == 0; }
  /// The reference is good for as long as any copy of these obstacles. Throws AirspaceDamaged. Precondition: k <
  /// size().
  [[nodiscard]] const Obstacle& operator[](std::size_t k) const;
  /// Throws std::out_of_range as well.
  [[nodiscard]] const Obstacle& at(std::size_t k) const {
    if (k >= size()) throw std::out_of_range("Obstacles: no such obstacle");
    return (*this)[k];
  }

  class const_iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Obstacle;
    using difference_type = std::ptrdiff_t;
    using pointer = const Obstacle*;
    using reference = const Obstacle&;

    const_iterator(const Obstacles& of, std::size_t k) : of_(&of), k_(k) {}
    const Obstacle& operator*() const { return (*of_)[k_]; }
    const Obstacle* operator->() const { return &(*of_)[k_]; }
    const_iterator& operator++() {
      ++k_;
      return *this;
    }
    const_iterator operator++(int) { return {*of_, k_++}; }
    friend bool operator==(const const_iterator& a, const const_iterator& b) { return a.k_ == b.k_; }

   private:
    const Obstacles* of_;
    std::size_t k_;
  };
  [[nodiscard]] const_iterator begin() const { return {*this, 0}; }
  [[nodiscard]] const_iterator end() const { return {*this, size()}; }

  /// Appends; copies that share these obstacles do not see it. Not while another thread reads.
  void push_back(Obstacle obstacle);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace swiftlet::geo
