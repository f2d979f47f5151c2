import Foundation
import RuleJudgeServer
import Testing

/// What a whole run gives, byte for byte: evidence, jobs, explanations, scores, choices, reports, exports and exit codes.
///
/// The topology has every explainer and every scoring method, on the quickstart's model and coder and some of its documents. It
/// runs twice, the second time on more documents, so that latents are explained and scored again. The goldens are in
/// `Tests/Golden/regression`; with `GLOSS_RECORD_GOLDENS` set they are written anew and the run fails, so that the change is
/// looked at. The texts of diagnostics and docs/topology.md are compared by GoldenTopologyTests and ReferenceTests.
@Suite(.timeLimit(.minutes(10))) struct RecordedBehaviourTests {
    /// Kernels that every CPU with AVX2 has: they give the same bits everywhere.
    private static let environment = ["OPENBLAS_CORETYPE": "Haswell", "GLOSS_KERNELS": "avx2", "NO_COLOR": "1"]

    @Test func aWholeRunGivesWhatWasRecorded() async throws {
        let server = try await RuleJudgeServer.start(port: 28547)
        server.expect(then: .judges(RuleJudging(errors: 0.1)))
        let run = try RecordedRun(environment: Self.environment)
        var transcript = ""
        for (documents, threads) in [(16, 1), (44, 2)] {
            try run.writeCorpus(documents: documents)
            transcript += try await run.perform([
                "run", "topology.yaml", "--until-drained", "--quiet", "--threads", "\(threads)",
            ])
        }
        await server.stop()

        for table in TableDump.recorded {
            try RecordedGolden.compare(
                TableDump.lines(of: table, state: run.file("state")), with: table.name + ".jsonl")
        }
        try RecordedGolden.compare(await run.output(["report", "state"]), with: "report.txt")
        try RecordedGolden.compare(
            await run.output(["report", "state", "--by", "source", "--best", "0"]), with: "report-by-source.txt")
        let json = try await run.output(["report", "state", "--json"])
        try RecordedGolden.compare(json.replacing("},", with: "},\n"), with: "report.json")

        for coder in ["codes", "chance"] {
            transcript += try await run.perform([
                "export", "--format", "neuronpedia", "state", "\(coder).jsonl", "--model-id", "smollm2", "--coder",
                coder,
            ])
            transcript += try await run.perform([
                "export", "--format", "delphi", "state", "delphi-\(coder)", "--coder", coder, "--model", Self.model,
            ])
            let labels = try run.text(of: "\(coder).jsonl").replacing(
                /"createdAt":"[^"]*"/, with: #""createdAt":"NOW""#)
            try RecordedGolden.compare(labels, with: "neuronpedia-\(coder).jsonl")
            try RecordedGolden.compare(run.text(ofFolder: "delphi-\(coder)"), with: "delphi-\(coder).txt")
        }
        for arguments in Self.refused { transcript += try await run.perform(arguments) }
        transcript += try await run.perform(["validate", "topology.yaml"], environment: ["GLOSS_KERNELS": "sse9"])
        try RecordedGolden.compare(transcript, with: "commands.txt")
    }

    private static let model = "./models/SmolLM2-135M-Instruct.Q4_1.gguf"

    /// Commands that end otherwise than with 0.
    private static let refused = [
        ["validate", "bad.yaml"], ["validate", "misfit.yaml"], ["validate", "missing.yaml"], ["run", "bad.yaml"],
        ["run", "misfit.yaml", "--until-drained"], ["report", "missing"], ["report", "missing", "--json"],
        ["export", "--format", "neuronpedia", "state", "--model-id", "smollm2"],
        ["export", "--format", "neuronpedia", "missing", "--model-id", "smollm2"],
        ["export", "--format", "delphi", "state"],
        ["run"],
    ]
}
