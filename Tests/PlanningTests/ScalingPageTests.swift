import Foundation
import TestSupport
import Testing

@testable import Planning

/// The figures that docs/scaling.md computes are those of plans.
@Suite struct ScalingPageTests {
    private let page: String

    init() throws { page = try String(contentsOfFile: Checkout.path("docs/scaling.md"), encoding: .utf8) }

    private func rounded(_ value: Double) -> String { "\(Int(value.rounded()))" }

    @Test(arguments: [
        ("1 M", 1_000_000, "1 G", 1e9, 1), ("34 M", 34_000_000, "100 G", 1e11, 16),
        ("1,300 M", 1_300_000_000, "10 T", 1e13, 64),
    ])
    func thePlansOfLargeCodersAreThoseOfThePage(
        name: String, latents: Int, corpus: String, tokens: Double, machines: Int
    ) throws {
        let topology = try PlannedText.codes(
            latents: latents, active: 64,
            nodes:
                "words: { type: explain, explainer: lexical, inputs: [evidence], latents: { firing: 10000 }, when: drained }"
        )
        let plan = try PlannedText.plan(
            topology, latents: latents, active: 64, tokens: tokens, machines: machines, cores: 8)
        let evidence = try #require(plan.evidence.first)
        let memory = evidence.memory.value / 0x1p30
        let mass = String(format: "%.1f", 100 * (try plan.node("words").jobs.mass.value))
        let row = [
            name, corpus, "\(machines)", "\(rounded(memory)) GiB", "\(rounded(memory / Double(machines))) GiB",
            "\(rounded(evidence.shuffled.value)) B", "\(rounded(evidence.unfiltered.value)) B", "\(mass) %",
        ]
        #expect(page.contains("| " + row.joined(separator: " | ") + " |"), "\(row)")
    }

    @Test func theMassOfTheMostActiveLatentsIsThatOfThePage() {
        let row = [1e-4, 1e-3, 0.01, 0.067, 0.1, 0.31].map { share in
            let percent = 100 * FiringRates.usual.mass(ofMostActive: share)
            return (percent < 9.95 ? String(format: "%.1f", percent) : rounded(percent)) + " %"
        }
        #expect(page.contains("| of all firing | " + row.joined(separator: " | ") + " |"), "\(row)")
    }
}
