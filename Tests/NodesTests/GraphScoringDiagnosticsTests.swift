import Foundation
import StateFixtures
import Testing
import Topology

@testable import Nodes

/// Faults of score nodes in their place: what they are fed with, cascades, negatives and interventions.
@Suite struct GraphScoringDiagnosticsTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try TinyModel.write(to: directory.path + "/model")
    }

    private func topology(encode: String? = nil, _ stages: String) -> MarkedTopology {
        MarkedTopology(
            in: directory.path, encode: encode ?? "hookpoint: layers.1, coder: \(TinyModel.coder)", stages: stages)
    }

    private static let twoCoders = """
          other: { type: encode, inputs: [residual], coder: \(TinyModel.coder), hookpoint: layers.0 }
          alike: { type: reservoir, inputs: [other] }
          words: { type: explain, explainer: lexical, inputs: [evidence] }
          others: { type: explain, explainer: lexical, inputs: [alike] }

        """

    private static let twoReservoirs = """
          short: { type: reservoir, inputs: [codes], window: 16 }
          words: { type: explain, explainer: lexical, inputs: [evidence] }
          brief: { type: explain, explainer: lexical, inputs: [short] }

        """

    @Test func latentsOfTwoCodersAreRefusedWithTheRemedy() throws {
        let topology = topology(
            Self.twoCoders + "  both: { type: score, method: execution, inputs: ▸[others, words] }")
        // By name, whatever the order of the inputs; that these are two reservoirs too is no second fault.
        #expect(
            try topology.diagnostics()
                == topology.expected(
                    (
                        .severalCoders, "both is fed with latents of several coders: codes, other",
                        "give each coder a node of its own"
                    )))
    }

    @Test func explanationsOfTwoReservoirsAreRefusedWithTheRemedy() throws {
        let topology = topology(
            Self.twoReservoirs + "  both: { type: score, method: intruder, model: far, inputs: ▸[brief, words] }")
        #expect(
            try topology.diagnostics()
                == topology.expected(
                    (
                        .severalReservoirs, "both is fed with explanations of several reservoirs: evidence, short",
                        "give each reservoir a node of its own"
                    )))
    }

    /// The scores that a cascade settles by are evidence of a coder as explanations are.
    @Test func scoresOfAnotherCoderSettleNothing() throws {
        let topology = topology(
            Self.twoCoders + """
                  run: { type: score, method: execution, inputs: [others] }
                  asked: { type: score, method: detection, model: far, inputs: ▸[words, run], settle_below: 0.5 }
                """)
        #expect(try topology.diagnostics().map(\.code) == ["E607"])
        #expect(try topology.diagnostics().map(\.mark) == topology.marks)
    }

    @Test(arguments: ["execution", "embedding, model: far", "detection, model: far", "surprisal, model: far"])
    func severalExplainersOfOneReservoirAreCompared(method: String) throws {
        let topology = topology(
            """
              words: { type: explain, explainer: lexical, inputs: [evidence] }
              tokens_only: { type: explain, explainer: lexical, terms: tokens, inputs: [evidence] }
              both: { type: score, method: \(method), inputs: [words, tokens_only] }
            """)
        #expect(try topology.diagnostics() == [])
    }

    @Test(arguments: [
        (
            "[words, run]", "",
            "asked reads scores, but has neither `settle_below` nor `settle_above`: say which scores settle"
        ),
        (
            "[words]", ", settle_above: 0.9",
            "asked has `settle_below` or `settle_above`, but no scores among its `inputs` to settle by"
        ),
        (
            "[run, words]", ", settle_below: 0.9, settle_above: 0.1",
            "asked has a `settle_below` above its `settle_above`, so that a score could settle both ways"
        ),
        (
            "[words, run, judged]", ", settle_below: 0.4",
            "asked reads the scores of judged, but only those of execution and embedding nodes settle"
        ),
    ]) func aCascadeThatSettlesNothingIsNamedAtItsInputs(inputs: String, bounds: String, message: String) throws {
        let topology = topology(
            """
              words: { type: explain, explainer: lexical, inputs: [evidence] }
              run: { type: score, method: execution, inputs: [words] }
              judged: { type: score, method: fuzzing, model: far, inputs: [words] }
              asked: { type: score, method: detection, model: far, inputs: ▸\(inputs)\(bounds) }
            """)
        #expect(try topology.diagnostics() == topology.expected((.badCascade, message, nil)))
    }

    @Test func tiersWithStoppingAreRefusedAtTheirPlace() throws {
        let topology = topology(
            """
              words: { type: explain, explainer: lexical, inputs: [evidence] }
              asked: { type: score, method: fuzzing, model: far, inputs: [words], stopping: verdict, negatives: ▸[random, lexical] }
              plain: { type: score, method: fuzzing, model: far, inputs: [words], stopping: interval, negatives: [random] }
            """)
        #expect(
            try topology.diagnostics()
                == topology.expected(
                    (
                        .badNegatives,
                        "asked: tiers of negatives need all questions to be asked; leave out `stopping`, or all tiers but `random`",
                        nil
                    )))
    }

    @Test func aCascadeAndItsNegativesAreBothReported() throws {
        let topology = topology(
            """
              words: { type: explain, explainer: lexical, inputs: [evidence] }
              asked: { type: score, method: detection, model: far, inputs: ▸[words], settle_below: 0.5, negatives: ▸[lexical] }
            """)
        #expect(try topology.diagnostics().map(\.code) == ["E608", "E610"])
        #expect(try topology.diagnostics().map(\.mark) == topology.marks)
    }

    private static let steered = """
          nothing: { type: explain, explainer: none, inputs: [evidence] }
          ▸steered: { type: score, method: intervention, model: far, inputs: [nothing] }
        """

    @Test func latentsOfATranscoderCannotBeIntervenedOn() throws {
        let coder = TinyModel.coder.replacing("sparsify_topk", with: "sparsify_transcoder")
        let topology = topology(encode: "hookpoint: layers.1, coder: \(coder)", Self.steered)
        let found = try topology.diagnostics().filter { $0.severity == .error }
        #expect(
            found
                == topology.expected(
                    (
                        .badCoder,
                        "steered: latents of \(coder) cannot be intervened on at layers.1: the coder must read and write "
                            + "that place, 64 wide; it reads 64 and writes 64 values of another place", nil
                    )))
    }

    @Test func aCoderOfAnotherWidthIsReportedForItselfAndForTheIntervention() throws {
        let folder = directory.path + "/coder"
        try TinyModel.writeCoder(width: 32, to: folder)
        let topology = topology(encode: "hookpoint: layers.1, coder: \(folder)", Self.steered)
        let found = try topology.diagnostics()
        #expect(found.map(\.code) == ["E603", "E606"])
        #expect(found.last?.mark == topology.marks.first)
        #expect(found.last?.message.hasSuffix("64 wide; it reads 32 and writes 32 values") == true)
    }

    @Test func aCoderThatReadsAndWritesItsPlaceCanBeIntervenedOn() throws {
        #expect(try topology(Self.steered).diagnostics() == [])
        #expect(
            try topology(encode: "hookpoint: layers.1, coder: random, like: \(TinyModel.coder)", Self.steered)
                .diagnostics() == [])
    }

    @Test func latentsOfACacheHaveNoSubjectToChange() throws {
        let topology = MarkedTopology(
            """
            version: 1
            name: tiny
            models:
              subject: { path: \(directory.path)/model, bos: none }
            sources:
              cached: { type: delphi_cache, path: \(GraphFixture.cache), hookpoint: layers.10, model: subject }
            stages:
              evidence: { type: reservoir, inputs: [cached] }
              nothing: { type: explain, explainer: none, inputs: [evidence] }
              ▸steered: { type: score, method: intervention, model: subject, inputs: [nothing] }

            """)
        #expect(
            try topology.diagnostics()
                == topology.expected(
                    (
                        .badCoder, "steered descends from no forward node, so it has no subject",
                        "feed it from an encode node"
                    )))
    }

    /// Only the tier that rests on directions: of the others nothing is missing.
    @Test(arguments: ["execution", "embedding, model: far", "detection, model: far", "fuzzing, model: far"])
    func codesWithoutADecoderHaveNoNeighbours(method: String) throws {
        let topology = MarkedTopology(
            """
            version: 1
            name: tiny
            models:
              subject: { path: \(directory.path)/model, bos: none }
              far: { openai: "http://127.0.0.1:9/v1", model: e }
            sources:
              cached: { type: delphi_cache, path: \(GraphFixture.cache), hookpoint: layers.10, model: subject }
            stages:
              evidence: { type: reservoir, inputs: [cached] }
              words: { type: explain, explainer: lexical, inputs: [evidence] }
              near: { type: score, method: \(method), inputs: [words], negatives: ▸[random, neighbour] }
              plain: { type: score, method: \(method), inputs: [words], negatives: [random, lexical] }

            """)
        #expect(
            try topology.diagnostics()
                == topology.expected(
                    (
                        .badNegatives,
                        "near: `neighbour` negatives need the decoder of a coder, and cached gives codes without one",
                        "leave out `neighbour`"
                    )))
    }

    /// The line is that of the score node, since no field of it is at fault.
    @Test func textsCannotBeReadWhereCodesComeFromACache() throws {
        let topology = MarkedTopology(
            """
            version: 1
            name: tiny
            models:
              subject: { path: \(directory.path)/model, bos: none }
            sources:
              cached: { type: delphi_cache, path: \(GraphFixture.cache), hookpoint: layers.10, model: subject }
            stages:
              evidence: { type: reservoir, inputs: [cached] }
              words: { type: explain, explainer: lexical, inputs: [evidence] }
              ▸tried: { type: score, method: generation, model: subject, inputs: [words] }

            """)
        #expect(
            try topology.diagnostics()
                == topology.expected(
                    (
                        .badCoder,
                        "tried descends from no encode and forward node, so there is no subject to read what is written",
                        "feed it from an encode node"
                    )))
    }

    @Test(arguments: ["coder: \(TinyModel.coder)", "coder: neurons", "coder: random, like: \(TinyModel.coder)"])
    func textsCanBeReadByAnyCoderThatRunsHere(encode: String) throws {
        let stages = """
              words: { type: explain, explainer: lexical, inputs: [evidence] }
              tried: { type: score, method: generation, model: far, inputs: [words] }
            """
        #expect(try topology(encode: "hookpoint: layers.1, \(encode)", stages).diagnostics() == [])
    }

    @Test func aCoderThatCannotBeOpenedIsNotReportedForTheInterventionToo() throws {
        let topology = topology(encode: "hookpoint: layers.1, coder: \(directory.path)/model", Self.steered)
        #expect(try topology.diagnostics().map(\.code) == ["E602"])
    }

    @Test func moreExamplesThanStoppingCanFollowAreRefusedBeforeTheRun() throws {
        let topology = topology(
            """
              words: { type: explain, explainer: lexical, inputs: [evidence] }
              judged: { type: score, method: detection, model: far, inputs: [words], stopping: verdict, examples: ▸513 }

            """)
        #expect(
            try topology.diagnostics()
                == topology.expected(
                    (.outOfRange, "judged: with `stopping` at most 512 `examples` can be asked about; lower it", nil)))
    }

    @Test func explanationsToLoadThatAreNotThereAreFoundBeforeTheRun() throws {
        let topology = topology(
            "  given: { type: explain, explainer: loaded, inputs: [evidence], path: ▸\(directory.path)/none.jsonl }\n")
        let found = try topology.diagnostics()
        #expect(found.map(\.code) == [DiagnosticCode.missingFile.rawValue])
        #expect(found.map(\.message) == ["given: there is no file \(directory.path)/none.jsonl"])
    }

    @Test func explanationsToLoadThatCannotBeReadAreFoundBeforeTheRun() throws {
        let path = directory.path + "/bad.jsonl"
        try Data(#"{"index": 0, "description": "a"}\n{"index": 1"#.utf8).write(to: URL(fileURLWithPath: path))
        let topology = topology("  given: { type: explain, explainer: loaded, inputs: [evidence], path: ▸\(path) }\n")
        let found = try topology.diagnostics()
        #expect(found.map(\.code) == [DiagnosticCode.badFile.rawValue])
        #expect(found.first?.message.hasPrefix("given: \(path): line ") == true)
    }
}
