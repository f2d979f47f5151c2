import Explaining
import Lineage
import Testing
import Topology

@testable import Nodes

/// How a model is asked for explanations.
@Suite struct AskingFieldsTests {
    private static let kinds: [any NodeDefinition.Type] = [
        DefaultExplainNode.self, ContrastiveExplainNode.self, BestOfExplainNode.self,
    ]

    private func asking(_ given: [String: String] = [:], kind: Int = 0) throws -> AskingFields {
        try AskingFields(LoneNode.node(Self.kinds[kind], given))
    }

    @Test(arguments: kinds.indices) func everyExplainerThatAsksHasTheSameDefaults(kind: Int) throws {
        let asking = try asking(kind: kind)
        var settings = DefaultExplainerSettings()
        settings.minimumExamples = 200
        settings.maximumTokens = 128
        #expect(asking.settings == settings)
        let job = asking.job
        #expect(job.model == "m" && !job.waitsForDrain && job.concurrency == 2 && job.seed == 0)
        #expect(job.again.rule == ReexplanationRule())
    }

    @Test(arguments: kinds.indices) func everySettingIsThatOfItsField(kind: Int) throws {
        let asking = try asking(
            [
                "model": "other", "examples": "3", "sampling": "mix", "strengths": "false", "minimum_examples": "6",
                "maximum_tokens": "77", "when": "drained", "concurrency": "4", "seed": "5", "regrowth": "9",
                "drift": "false", "prompt": "passages", "counted_tokens": "5", "promoted_tokens": "6",
            ], kind: kind)
        var settings = DefaultExplainerSettings()
        settings.form = .passages
        settings.countedTokens = 5
        settings.promotedTokens = 6
        settings.examples = 3
        settings.sampling = .mix(10)
        settings.showsStrengths = false
        settings.minimumExamples = 6
        settings.maximumTokens = 77
        #expect(asking.settings == settings)
        let job = asking.job
        #expect(job.model == "other" && job.waitsForDrain && job.concurrency == 4 && job.seed == 5)
        #expect(job.again.rule == ReexplanationRule(regrowth: 9, drift: false))
        #expect(job.use.name == "other" && job.use.purpose == .model)
    }

    @Test(arguments: [
        ("quantiles", ExampleSampling.quantiles(10)), ("top", .top), ("random", .random), ("mix", .mix(10)),
    ])
    func examplesAreChosenByTheWord(word: String, sampling: ExampleSampling) throws {
        #expect(try asking(["sampling": word]).settings.sampling == sampling)
    }

    @Test func aModelThatThinksMayAnswerAtLengthUnlessTheFieldSaysOtherwise() throws {
        let thinking = try asking(["chain_of_thought": "true"]).settings
        #expect(thinking.chainOfThought && thinking.maximumTokens == 512)
        let short = try asking(["chain_of_thought": "true", "maximum_tokens": "64"]).settings
        #expect(short.maximumTokens == 64)
    }
}
