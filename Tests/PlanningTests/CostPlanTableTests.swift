import Foundation
import JSONText
import TestSupport
import Testing

@testable import Planning

@Suite struct CostPlanTableTests {
    private static func bytes(_ mebibytes: Double, _ basis: Basis) -> PlanFigure {
        PlanFigure(mebibytes * 0x1p20, basis)
    }

    /// A plan with a model in this process and one behind a server.
    private static let plan = CostPlan(
        name: "planned", tokens: 10e6, machines: 4, cores: 8,
        evidence: [
            EvidenceCost(
                node: "evidence", latents: PlanFigure(65_536, .bound), active: PlanFigure(32, .assumed),
                firing: PlanFigure(60_000, .measured), windowsPerLatent: PlanFigure(2441, .assumed),
                lowered: PlanFigure(64, .assumed), memory: bytes(610, .assumed), memoryBound: bytes(9000, .bound),
                asked: bytes(1800, .assumed), entered: PlanFigure(9e7, .assumed), shuffled: PlanFigure(512.4, .assumed),
                unfiltered: PlanFigure(198, .assumed))
        ], holding: bytes(512, .assumed), memoryBudget: bytes(1024, .bound),
        corpusPerToken: PlanFigure(4.08, .assumed), storedEvidence: bytes(1220, .assumed),
        storedResults: bytes(30, .assumed),
        ingest: [
            CostPlan.Work(name: "forward", seconds: PlanFigure(115_200, .measured)),
            CostPlan.Work(name: "encode", seconds: PlanFigure(6400, .assumed)),
        ],
        nodes: [
            CostPlan.Node(
                id: "words", variant: "default", model: "judge",
                jobs: JobCount(
                    first: PlanFigure(1000, .measured), controls: .zero, again: PlanFigure(2000, .bound),
                    mass: PlanFigure(0.204, .measured)),
                tokensPerJob: PlanFigure(1230, .assumed), tokens: PlanFigure(1.23e6, .assumed), seconds: .zero),
            CostPlan.Node(
                id: "detected", variant: "detection", model: "far",
                jobs: JobCount(
                    first: PlanFigure(1000, .measured), controls: PlanFigure(8, .measured),
                    again: PlanFigure(4000, .bound), mass: PlanFigure(0.204, .measured)),
                tokensPerJob: PlanFigure(10_820, .assumed), tokens: PlanFigure(10.9e6, .assumed), seconds: .zero),
        ],
        models: [
            ModelCost(
                name: "far", isServed: true, calls: PlanFigure(20_160, .assumed), sent: PlanFigure(10.7e6, .assumed),
                shared: PlanFigure(6.65e6, .assumed), answered: PlanFigure(242_000, .assumed), subject: .zero,
                seconds: nil, cost: PlanFigure(4.25, .assumed), costWithoutCache: PlanFigure(9.5, .assumed)),
            ModelCost(
                name: "judge", isServed: false, calls: PlanFigure(1000, .assumed), sent: PlanFigure(1.2e6, .assumed),
                shared: PlanFigure(600_000, .assumed), answered: PlanFigure(30_000, .assumed), subject: .zero,
                seconds: PlanFigure(32_000, .assumed), cost: nil, costWithoutCache: nil),
        ], corePrice: 0.05)

    /// The table at 80 columns, as it stands in `Tests/Golden/plan`; written anew with `GLOSS_RECORD_GOLDENS=1`.
    @Test func theTableFits80Columns() throws {
        let text = CostPlanTable(Self.plan, width: 80).text + "\n"
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(try text == GoldenFiles.text("plan/80.txt", recording: text))
    }

    @Test(arguments: [40, 60, 80, 120]) func everyFigureIsThereAtAnyWidth(width: Int) {
        let text = CostPlanTable(Self.plan, width: width).text
        for figure in ["610 MiB", "512 B", "198 B", "60.0k", "10.7M", "4.25", "9.50", "20%", "together"] {
            #expect(text.contains(figure), "\(figure) at \(width)")
        }
    }

    @Test func theJSONHasEachFigureWithItsBasis() throws {
        let json = try JSONValue(json: Array(CostPlanJSON.text(Self.plan).utf8))
        let evidence = try #require(json["evidence"]?.array?.first)
        #expect(evidence["node"]?.string == "evidence")
        #expect(evidence["latents_firing"]?["basis"]?.string == "measured")
        #expect(json["models"]?.array?.count == 2 && json["nodes"]?.array?.count == 2)
        #expect(json["hours"]?["basis"]?.string == "assumed")
        #expect(json["v"]?.integer == 1)
        guard case .null? = json["models"]?.array?.first?["core_seconds"] else {
            Issue.record("a server has no core seconds")
            return
        }
    }

    @Test func sumsAreAsSureAsTheLeastSureOfThem() {
        #expect(PlanFigure(1, .bound) + PlanFigure(2, .assumed) == PlanFigure(3, .assumed))
        #expect(PlanFigure(0, .assumed) + PlanFigure(2, .measured) == PlanFigure(2, .measured))
        #expect(PlanFigure(6, .measured) / PlanFigure(2, .bound) == PlanFigure(3, .measured))
        #expect(PlanFigure(6, .bound) / PlanFigure(0, .bound) == .zero)
        #expect(PlanFigure(.nan, .bound).value == 0)
        // 121,600 and 32,000 core seconds on 32 cores.
        #expect(abs(Self.plan.totalHours.value - 153_600 / 3600 / 32) < 1e-9)
        #expect(abs((Self.plan.coreCost?.value ?? 0) - 153_600 / 3600 * 0.05) < 1e-9)
    }
}
