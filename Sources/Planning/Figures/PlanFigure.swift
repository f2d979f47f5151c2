/// How a figure of a plan is known, the surest first.
package enum Basis: String, Sendable, Hashable, CaseIterable, Comparable {
    /// It follows from settings and from what was given, exactly or as the most that it can be.
    case bound
    /// It was measured: by a probe on this machine, or by a run whose state was given.
    case measured
    /// It is a usual value, or a figure of another machine.
    case assumed

    private var rank: Int {
        switch self {
        case .bound: 0
        case .measured: 1
        case .assumed: 2
        }
    }

    /// Orders by how sure a figure is, the surest first.
    package static func < (left: Basis, right: Basis) -> Bool { left.rank < right.rank }
}

/// A number of a plan and how it is known.
///
/// What is computed from several figures is as sure as the least sure of them.
package struct PlanFigure: Sendable, Hashable {
    /// The number.
    package let value: Double
    /// How it is known.
    package let basis: Basis

    /// Makes a figure; a number that is no number counts as 0.
    package init(_ value: Double, _ basis: Basis) {
        self.value = value.isNaN ? 0 : value
        self.basis = basis
    }

    /// Nothing, which is certain.
    package static let zero = PlanFigure(0, .bound)

    /// The sum; adding nothing leaves the other figure as sure as it was.
    package static func + (left: PlanFigure, right: PlanFigure) -> PlanFigure {
        if left.value == 0 { return right }
        if right.value == 0 { return left }
        return PlanFigure(left.value + right.value, max(left.basis, right.basis))
    }

    /// The product.
    package static func * (left: PlanFigure, right: PlanFigure) -> PlanFigure {
        PlanFigure(left.value * right.value, max(left.basis, right.basis))
    }

    /// The quotient; 0 if it is by nothing.
    package static func / (left: PlanFigure, right: PlanFigure) -> PlanFigure {
        PlanFigure(right.value == 0 ? 0 : left.value / right.value, max(left.basis, right.basis))
    }

    /// The figure times a number that is certain.
    package func times(_ factor: Double) -> PlanFigure { PlanFigure(value * factor, basis) }
}

extension Sequence<PlanFigure> {
    /// The sum of all.
    package var sum: PlanFigure { reduce(.zero, +) }
}
