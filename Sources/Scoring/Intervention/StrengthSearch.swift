import Foundation

/// Looks for the strength at which an intervention has a given mean divergence.
///
/// The divergence grows with the square of a small strength. So from a strength on one side of the target the next one is
/// where that law says, at most a factor of ten away. Once the target is bracketed, the next one lies on the line through
/// both ends of the bracket in the plane of logarithms; where such a step has left more than half of the bracket (in
/// logarithms), the one after it is the bracket's middle. Source of the tolerance, of interpolation and bisection: Paulo et
/// al., "Automatically Interpreting Millions of Features in Large Language Models", arXiv 2410.13928, appendix on intervention scoring.
public struct StrengthSearch: Sendable {
    /// The next step.
    public enum Step: Sendable, Equatable {
        /// Find the divergence at this strength, and `note` it.
        case evaluate(Float)
        /// The divergence is within the tolerance at this strength.
        case found(strength: Float, divergence: Double)
        /// It was not found; why, in words.
        case unreachable(String)
    }

    private struct Point {
        let strength: Double
        let divergence: Double
    }

    /// The relative distance from the target that is good enough.
    public static let tolerance = 0.1
    /// The most strengths that are tried.
    public static let maximumSteps = 16
    /// The strengths that are tried, as multiples of the first.
    public static let range = 1e-4...1e4

    private let target: Double
    private let first: Double
    private var below: Point?
    private var above: Point?
    private var latest: Point?
    private var steps = 0
    private var bisects = false
    private var step: Step

    /// Starts a search.
    ///
    /// - Parameters:
    ///   - target: The mean divergence looked for, in nats, above 0.
    ///   - start: The strength tried first, above 0: best one of the order of the latent's own activations.
    public init(target: Double, start: Float) {
        self.target = target
        first = Double(start)
        let isUsable = target > 0 && target.isFinite && start > 0 && start.isFinite
        step =
            isUsable
            ? .evaluate(start) : .unreachable("target \(target) or first strength \(start) is no positive number")
    }

    /// The next step.
    public var next: Step { step }

    /// Notes the divergence at the strength that was to be evaluated; one that is no number counts as too large.
    public mutating func note(divergence: Double) {
        guard case .evaluate(let tried) = step else { return }
        steps += 1
        let value = divergence.isNaN ? .infinity : divergence
        let point = Point(strength: Double(tried), divergence: value)
        latest = point
        if abs(value - target) <= Self.tolerance * target {
            step = .found(strength: tried, divergence: value)
            return
        }
        let widthBefore = width
        if value < target { below = point } else { above = point }
        if let widthBefore, let width { bisects = !bisects && width > widthBefore / 2 }
        guard steps < Self.maximumSteps else {
            step = .unreachable("after \(steps) strengths the nearest gave \(nearest)")
            return
        }
        advance()
    }

    /// The bracket's width in logarithms.
    private var width: Double? {
        guard let below, let above else { return nil }
        return abs(log(above.strength / below.strength))
    }

    private mutating func advance() {
        let wanted: Double
        if let below, let above {
            wanted = between(below, above)
        } else if let point = below ?? above {
            // A divergence of 0 or infinity says nothing but the direction.
            let law = (target / point.divergence).squareRoot()
            let factor = law.isFinite && law > 0 ? law : (below == nil ? 0.1 : 10)
            wanted = point.strength * min(max(factor, 0.1), 10)
        } else {
            return
        }
        let clamped = min(max(wanted, first * Self.range.lowerBound), first * Self.range.upperBound)
        guard Float(clamped) != latest.map({ Float($0.strength) }), Float(clamped).isFinite, Float(clamped) > 0 else {
            step = .unreachable("strengths as far as \(Float(clamped)) gave \(nearest)")
            return
        }
        step = .evaluate(Float(clamped))
    }

    private func between(_ below: Point, _ above: Point) -> Double {
        let (low, high) = (log(below.strength), log(above.strength))
        let rise = log(above.divergence) - log(below.divergence)
        let fraction = (log(target) - log(below.divergence)) / rise
        guard !bisects, fraction.isFinite, rise > 0, rise.isFinite else { return exp((low + high) / 2) }
        return exp(low + min(max(fraction, 0.01), 0.99) * (high - low))
    }

    private var nearest: String {
        let found = [below, above].compactMap(\.self).map { "KL \($0.divergence) at strength \($0.strength)" }
        return found.isEmpty ? "nothing" : found.joined(separator: " and ")
    }
}
