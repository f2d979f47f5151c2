package import Elements
import Examples
import Statistics

/// Which held-out windows belong to which part of an explanation, so that each part is scored on its own windows.
package struct PartAssignment: Sendable, Hashable {
    /// The fewest windows that a part is scored on.
    package static let fewest = 5

    /// The parts' texts and predicates.
    package let parts: [ExplanationPart]
    /// `[windows]`: the part of each; `nil` for none.
    package let places: [Int?]

    /// Gives windows to the parts of a subject's explanation; `nil` if it has none, or is a control.
    package init?(of windows: [Example], to subject: ScoreSubject, tokenDecoder: any TokenDecoder) {
        guard subject.control == nil, let said = subject.explanation.parts, !said.parts.isEmpty else { return nil }
        parts = said.parts
        places = windows.map { said.part(of: TellingTokens(of: $0, tokenDecoder: tokenDecoder)) }
    }

    /// The figure of each part that has windows enough as `part_1`, `part_2` and so on, and the share of windows that are in no
    /// part as `share_in_no_part`.
    ///
    /// `figure` is given a part and the numbers of its windows.
    func details(_ figure: (_ part: Int, _ windows: [Int]) -> Estimate?) -> [String: Estimate] {
        var details: [String: Estimate] = [:]
        for part in parts.indices {
            let windows = places.indices.filter { places[$0] == part }
            guard windows.count >= Self.fewest else { continue }
            details[Self.name(of: part)] = figure(part, windows)
        }
        details[Self.outsideName] = Wilson.interval(successes: places.count { $0 == nil }, of: places.count)
        return details
    }

    /// The name under which a score reports the share of windows in no part.
    private static let outsideName = "share_in_no_part"

    /// The share of a score's windows that are in no part; `nil` if its explanation has no parts.
    fileprivate static func outside(_ score: Score) -> Estimate? { score.details[outsideName] }

    /// The name of a part's figure among a score's details.
    package static func name(of part: Int) -> String { "part_\(part + 1)" }
}

extension Score {
    /// The share of windows that belong to no part of its explanation; `nil` if that has no parts.
    package var inNoPart: Estimate? { PartAssignment.outside(self) }

    /// The figures of the parts of its explanation, by their number from 0.
    package var parts: [(part: Int, figure: Estimate)] {
        (0..<details.count).compactMap { part in
            details[PartAssignment.name(of: part)].map { (part, $0) }
        }
    }
}
