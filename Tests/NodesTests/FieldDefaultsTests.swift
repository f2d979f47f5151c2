import Corpus
import Elements
import Evidence
import Explaining
import Inference
import Lineage
import Scoring
import SparseCoders
import Testing
import Topology

@testable import Nodes

/// Which setting each field becomes, and what it is if nothing is given.
@Suite struct FieldDefaultsTests {
    /// A stored property that only the running stage reads.
    private func stored<Value>(_ name: String, of node: some NodeDefinition, as type: Value.Type) throws -> Value {
        try #require(Mirror(reflecting: node).descendant(name) as? Value, "no \(type) called \(name)")
    }

    @Test(arguments: NodeRegistry.all.indices) func latentsAreAllOrThoseOfTheField(kind: Int) throws {
        guard let kind = NodeRegistry.all[kind] as? any TakesLatents.Type else { return }
        // A node that waits for what persons say takes none by itself.
        guard kind.schema.fields.contains(where: { $0.name == "latents" }) else {
            let isWritten = kind.schema.variant?.value == Provenance.writtenName
            #expect(try LoneNode.made(kind).latents == .list([]) && isWritten)
            return
        }
        let cases: [(text: String, latents: LatentSelection)] = [
            ("all", .all), ("[7, 3]", .list([7, 3])), ("2..9", .range(2..<9)),
            ("{ sample: 5, seed: 8 }", .sample(count: 5, seed: 8)),
        ]
        #expect(try LoneNode.made(kind).latents == .all)
        for (text, latents) in cases { #expect(try LoneNode.made(kind, ["latents": text]).latents == latents) }
    }

    @Test(arguments: NodeRegistry.all.indices) func everyScorerHasItsOwnOverlapAndSeed(kind: Int) throws {
        guard let kind = NodeRegistry.all[kind] as? any Scores.Type else { return }
        let usual = try LoneNode.made(kind)
        #expect(usual.overlap == .drop && usual.seed == 0)
        let chosen = try LoneNode.made(kind, ["overlap": "keep", "seed": "9223372036854775807"])
        #expect(chosen.overlap == .keep && chosen.seed == UInt64(Int.max))
    }

    @Test(arguments: NodeRegistry.all.indices) func everyScorerThatAsksHasControlsAndJobs(kind: Int) throws {
        guard let kind = NodeRegistry.all[kind] as? any AsksJudge.Type else { return }
        let usual = try LoneNode.made(kind).asked
        #expect(usual.controls == (kind.schema.variant?.value == "fuzzing" ? 50 : 8) && usual.concurrency == 2)
        let chosen = try LoneNode.made(kind, ["controls": "0", "concurrency": "17"]).asked
        #expect(chosen.controls == 0 && chosen.concurrency == 17)
    }

    @Test func aReservoirIsSetAsTheEvidenceIsByItself() throws {
        let graph = try GraphFixture().cached()
        let fields = ["window": "16", "sample": "64", "top": "3", "pool": "1000", "recent": "5", "seed": "11"]
        #expect(try LoneNode.made(ReservoirNode.self).plan(in: graph).settings == ReservoirSettings(seed: 0))
        #expect(
            try LoneNode.made(ReservoirNode.self, fields).plan(in: graph).settings
                == ReservoirSettings(window: 16, sample: 64, top: 3, pool: 1000, recent: 5, seed: 11))
    }

    @Test func bestOfIsSetAsItIsByItself() throws {
        let usual = try LoneNode.made(BestOfExplainNode.self)
        #expect(try stored("best", of: usual, as: BestOfSettings.self) == BestOfSettings())
        let chosen = try LoneNode.made(BestOfExplainNode.self, ["candidates": "5", "fold": "6"])
        let best = try stored("best", of: chosen, as: BestOfSettings.self)
        #expect(best.candidates == 5 && best.fold == 6)
    }

    @Test func outputIsSetAsItIsByItselfButForItsLeastExamples() throws {
        var settings = OutputSettings()
        settings.minimumExamples = 10
        #expect(try LoneNode.made(OutputExplainNode.self).settings == settings)
        settings.texts = 11
        settings.strength = 0.25
        settings.changedTokens = 12
        settings.promotedTokens = 13
        settings.continuations = 14
        settings.continuationTokens = 15
        settings.minimumExamples = 16
        settings.maximumTokens = 17
        let chosen = try LoneNode.made(
            OutputExplainNode.self,
            [
                "texts": "11", "strength": "0.25", "changed_tokens": "12", "promoted_tokens": "13",
                "continuations": "14", "continuation": "15", "minimum_examples": "16", "maximum_tokens": "17",
            ])
        #expect(chosen.settings == settings)
    }

    @Test func severalIsSetAsItIsByItselfAndAsksAModelOnlyIfOneIsNamed() throws {
        let usual = try LoneNode.made(SeveralExplainNode.self)
        #expect(try stored("several", of: usual, as: SeveralSettings.self) == SeveralSettings())
        #expect(try stored("lexical", of: usual, as: LexicalSettings.self) == LexicalSettings() && usual.models.isEmpty)
        let chosen = try LoneNode.made(
            SeveralExplainNode.self,
            ["model": "other", "parts": "3", "share": "0.25", "separation": "0.5", "tokens": "2"])
        let several = try stored("several", of: chosen, as: SeveralSettings.self)
        #expect(several.maximumParts == 3 && several.share == 0.25 && several.separation == 0.5)
        #expect(try stored("lexical", of: chosen, as: LexicalSettings.self).maximumTerms == 2)
        #expect(chosen.models.map(\.name) == ["other"])
    }

    @Test func lexicalIsSetAsItIsByItselfButForItsLeastExamples() throws {
        var settings = LexicalSettings()
        settings.minimumExamples = 10
        let usual = try LoneNode.made(LexicalExplainNode.self)
        #expect(try stored("settings", of: usual, as: LexicalSettings.self) == settings)
        settings.minimumExamples = 4
        settings.maximumTerms = 3
        settings.maximumClauses = 2
        settings.isTokenList = true
        let chosen = try LoneNode.made(
            LexicalExplainNode.self, ["minimum_examples": "4", "tokens": "3", "clauses": "2", "terms": "tokens"])
        #expect(try stored("settings", of: chosen, as: LexicalSettings.self) == settings)
    }

    @Test func interventionIsSetAsThePaperHasIt() throws {
        let usual = try LoneNode.made(InterventionScoreNode.self)
        #expect(try stored("settings", of: usual, as: InterventionSettings.self) == InterventionSettings())
        var settings = InterventionSettings()
        settings.divergence = 0.25
        settings.explainingPrompts = 11
        settings.scoringPrompts = 12
        settings.completionTokens = 13
        settings.drawing?.count = 14
        settings.drawing?.temperature = 0.5
        let chosen = try LoneNode.made(
            InterventionScoreNode.self,
            [
                "kl": "0.25", "prompts_explain": "11", "prompts_score": "12", "completion": "13",
                "explanations": "14", "temperature": "0.5",
            ])
        #expect(try stored("settings", of: chosen, as: InterventionSettings.self) == settings)
    }

    @Test func generationIsSetAsItIsByItself() throws {
        let usual = try LoneNode.made(GenerationScoreNode.self)
        #expect(try stored("settings", of: usual, as: GenerationSettings.self) == GenerationSettings())
        var settings = GenerationSettings()
        settings.texts = 7
        settings.textsPerAnswer = 3
        settings.temperature = 1.5
        settings.tokens = 24
        settings.strength = 0.9
        let chosen = try LoneNode.made(
            GenerationScoreNode.self,
            ["texts": "7", "per_answer": "3", "temperature": "1.5", "tokens": "24", "strength": "0.9"])
        #expect(try stored("settings", of: chosen, as: GenerationSettings.self) == settings)
    }

    @Test func simulationAndSurprisalAskForAsManyWindowsOfEachKind() throws {
        let simulation = try LoneNode.made(SimulationScoreNode.self)
        #expect(try stored("settings", of: simulation, as: SimulationSettings.self) == SimulationSettings())
        let surprisal = try LoneNode.made(SurprisalScoreNode.self)
        #expect(try stored("settings", of: surprisal, as: SurprisalSettings.self) == SurprisalSettings())
        let told = try stored(
            "settings", of: LoneNode.made(SimulationScoreNode.self, ["examples": "7", "scale": "9"]),
            as: SimulationSettings.self)
        #expect(told.positives == 7 && told.negatives == 7 && told.scale == 9)
        let read = try stored(
            "settings", of: LoneNode.made(SurprisalScoreNode.self, ["examples": "7"]), as: SurprisalSettings.self)
        #expect(read.positives == 7 && read.negatives == 7)
    }

    @Test func intrudersAreSetAsTheyAreByThemselves() throws {
        let usual = try LoneNode.made(IntruderScoreNode.self)
        #expect(try stored("trials", of: usual, as: Int.self) == IntruderSettings().trials)
        #expect(try stored("windows", of: usual, as: Int.self) == IntruderSettings().windows)
        #expect(try stored("form", of: usual, as: AnswerForm?.self) == nil)
        let chosen = try LoneNode.made(IntruderScoreNode.self, ["answers": "text", "trials": "6", "windows": "4"])
        #expect(try stored("form", of: chosen, as: AnswerForm?.self) == .list)
        #expect(try stored("trials", of: chosen, as: Int.self) == 6)
        #expect(try stored("windows", of: chosen, as: Int.self) == 4)
    }

    @Test func contextsAndContrastsHaveTheirUsualNumbers() throws {
        #expect(try LoneNode.made(TokenizeNode.self).contextLength == TokenizeNode.usualLength)
        #expect(try LoneNode.made(TokenizeNode.self, ["context": "8"]).contextLength == 8)
        let usual = try LoneNode.made(ContrastiveExplainNode.self)
        #expect(try stored("contrasts", of: usual, as: Int.self) == 8)
        let forward = try LoneNode.made(ForwardNode.self, ["hookpoints": "[layers.0, layers.2.mlp]"])
        #expect(forward.hookpoints == ["layers.0", "layers.2.mlp"])
        #expect(try stored("batch", of: forward, as: Int.self) == 4096)
        #expect(try stored("workers", of: forward, as: Int?.self) == nil)
    }

    @Test func aCoderOfNeuronsOrChanceHasItsUsualShape() throws {
        #expect(try LoneNode.made(EncodeNode.self, ["coder": "neurons"]).choice() == .neurons(k: 32, sides: .positive))
        #expect(
            try LoneNode.made(EncodeNode.self, ["coder": "neurons", "k": "4", "sides": "signed"]).choice()
                == .neurons(k: 4, sides: .signed))
        #expect(
            try LoneNode.made(EncodeNode.self, ["coder": "random", "like": "x"]).choice()
                == .random(like: "x", seed: 0))
        #expect(try LoneNode.made(EncodeNode.self, ["coder": "./neurons"]).choice() == .folder("./neurons"))
    }

    /// The first position of delphi's rows counts, as it does for delphi; of Gloss' own contexts it is left out.
    @Test func theFirstPositionIsMaskedInContextsAndNotInCaches() throws {
        #expect(try stored("masksFirst", of: LoneNode.made(EncodeNode.self), as: Bool.self))
        #expect(try !stored("masksFirst", of: LoneNode.made(DelphiCacheNode.self), as: Bool.self))
        #expect(
            try stored("masksFirst", of: LoneNode.made(DelphiCacheNode.self, ["mask_first": "true"]), as: Bool.self))
    }
}
