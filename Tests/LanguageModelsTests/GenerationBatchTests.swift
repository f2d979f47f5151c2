import LinearAlgebra
import TestSupport
import Testing

@testable import LanguageModels

@Suite struct GenerationBatchTests {
    private static let limits = GenerationLimits(jobs: 16, cacheBytes: 1 << 24, prefixBytes: 1 << 22)
    private let model: LanguageModel

    init() throws { model = try LanguageModel(path: GoldenFiles.path("architectures/llama")) }

    private static func tokens(_ count: Int, _ salt: Int) -> [UInt32] {
        (0..<count).map { UInt32(($0 * (37 + salt) + 11 * salt + 3) % 512) }
    }

    /// Jobs of every kind and many lengths, some with one beginning.
    private func requests() throws -> [GenerationRequest] {
        let shared = Self.tokens(100, 1)
        let edit = HookpointEdit(
            at: Hookpoint(block: 1, site: .residual), from: 100,
            AddedVector((0..<64).map { Float($0 % 5) - 2 }, strength: 0.3))
        return [
            GenerationRequest(prompt: Self.tokens(5, 2), maximumTokens: 9),
            GenerationRequest(prompt: shared + [7, 8], maximumTokens: 12),
            GenerationRequest(prompt: shared + [9], maximumTokens: 5, edits: [edit]),
            GenerationRequest(prompt: Self.tokens(300, 3), maximumTokens: 3),
            GenerationRequest(
                prompt: shared, maximumTokens: 10, sampling: try Sampling(temperature: 1, topP: 0.9, seed: 5)),
            GenerationRequest(
                prompt: shared + [7], purpose: .logProbabilities(of: [[1], [], [2, 3, 4], Self.tokens(40, 4)])),
            GenerationRequest(
                prompt: shared + [7, 8, 9], purpose: .logProbabilities(of: [Self.tokens(270, 5), [5, 6]]),
                edits: [edit]),
            GenerationRequest(prompt: [1], maximumTokens: 4),
            GenerationRequest(
                prompt: shared + [7, 8, 4], purpose: .alternatives([3, 500, 3], after: [101, 60, 102])),
            GenerationRequest(
                prompt: Self.tokens(700, 6), purpose: .alternatives([1, 2], after: [699, 0, 511, 512]), edits: [edit]),
            GenerationRequest(prompt: shared + [7, 8, 9], purpose: .logits, edits: [edit]),
            GenerationRequest(prompt: Self.tokens(30, 6), purpose: .logits),
        ]
    }

    /// Runs a batch to its end; each job's last outcome.
    private func finish(_ batch: GenerationBatch) -> [Int: GenerationEvent.Outcome] {
        var outcomes: [Int: GenerationEvent.Outcome] = [:]
        while batch.count > 0 { for event in batch.step() { outcomes[event.job] = event.outcome } }
        return outcomes
    }

    private func alone(_ request: GenerationRequest) throws -> GenerationEvent.Outcome {
        let batch = try GenerationBatch(model: model, limits: Self.limits)
        let job = try batch.join(request)
        return try #require(finish(batch)[job])
    }

    @Test func neighboursChangeNoBit() throws {
        let requests = try requests()
        let expected = try requests.map(alone)
        let batch = try GenerationBatch(model: model, limits: Self.limits)
        var found = [GenerationEvent.Outcome?](repeating: nil, count: requests.count)
        // Twice: the second time, prompts are found among those kept.
        for _ in 0..<2 {
            var places: [Int: Int] = [:]
            var waiting = Array(requests.indices.reversed())
            // Jobs join one after the other, while others are at work.
            while batch.count > 0 || !waiting.isEmpty {
                if let place = waiting.popLast() { places[try batch.join(requests[place])] = place }
                for event in batch.step() { found[try #require(places[event.job])] = event.outcome }
            }
            #expect(found == expected)
        }
    }

    @Test func anEventTellsHowMuchOfItsPromptAnEarlierOneHad() throws {
        let batch = try GenerationBatch(model: model, limits: Self.limits)
        // What was computed with an edit is no use to others.
        var earlier: [[UInt32]] = []
        for request in try requests() {
            let job = try batch.join(request)
            var known: Set<Int> = []
            while batch.count > 0 { for event in batch.step() where event.job == job { known.insert(event.known) } }
            let shared = earlier.map { zip($0, request.prompt).prefix { $0 == $1 }.count }.max() ?? 0
            let first = request.edits.map(\.first).min() ?? request.prompt.count
            var limit = min(first, request.prompt.count - 1)
            if case .alternatives(_, let places) = request.purpose { limit = min(limit, places.min() ?? limit) }
            #expect(known == [min(shared, limit)])
            earlier.append(Array(request.prompt.prefix(first)))
        }
    }

    @Test func tokensAreThoseOfASession() throws {
        for request in try requests() {
            let session = try GenerationSession(model: model)
            try session.setEdits(request.edits)
            switch (request.purpose, try alone(request)) {
            case (.tokens(let maximum, let stop, let sampling), .generated(let tokens)):
                #expect(
                    try session.generate(
                        prompt: request.prompt, maximumTokens: maximum, stop: stop, sampling: sampling) == tokens)
                #expect(tokens.count == maximum)
            case (.logProbabilities(let texts), .logProbabilities(let values)):
                _ = try session.extend(request.prompt)
                for (text, values) in zip(texts, values) {
                    let expected = try session.logProbabilities(ofText: text)
                    #expect(expected.count == text.count && values.count == text.count)
                    #expect(zip(expected, values).allSatisfy { abs($0 - $1) < 1e-5 })
                }
            case (.alternatives(let tokens, let places), .alternatives(let values)):
                #expect(values.count == places.count)
                for (place, values) in zip(places, values) {
                    let alone = try GenerationSession(model: model)
                    try alone.setEdits(request.edits)
                    _ = try alone.extend(Array(request.prompt[...place]))
                    let expected = try alone.logProbabilities(of: tokens.map { [$0] })
                    #expect(zip(expected, values).allSatisfy { abs($0 - $1) < 1e-4 } && values.count == tokens.count)
                }
            case (.logits, .logits(let values)):
                let expected = try session.extend(request.prompt)
                #expect(values.count == expected.count && relativeError(values, expected) < 1e-5)
            default: Issue.record("a job came to something else")
            }
        }
    }

    @Test func aPlaceThatIsNotInThePromptIsRefused() throws {
        let batch = try GenerationBatch(model: model, limits: Self.limits)
        for place in [-1, 3, .max] {
            #expect(throws: ModelError.placeOutOfRange(place: place, tokens: 3)) {
                try batch.join(GenerationRequest(prompt: [1, 2, 3], purpose: .alternatives([1], after: [place])))
            }
        }
        #expect(throws: ModelError.self) {
            try batch.join(GenerationRequest(prompt: [1, 2, 3], purpose: .alternatives([4096], after: [0])))
        }
        #expect(
            try alone(GenerationRequest(prompt: [1, 2, 3], purpose: .alternatives([1], after: [])))
                == .alternatives([]))
    }

    @Test func everyTokenIsTold() throws {
        let batch = try GenerationBatch(model: model, limits: Self.limits)
        _ = try batch.join(GenerationRequest(prompt: [1, 2, 3], maximumTokens: 4))
        var told: [UInt32] = []
        var ended: [UInt32]?
        while batch.count > 0 {
            for event in batch.step() {
                switch event.outcome {
                case .token(let token): told.append(token)
                case .generated(let tokens): ended = tokens
                default: Issue.record("another event")
                }
            }
        }
        #expect(told.count == 4 && told == ended)
        let stop = told[2]
        let stopped = try alone(GenerationRequest(prompt: [1, 2, 3], maximumTokens: 4, stop: [stop]))
        #expect(stopped == .generated(Array(told.prefix { $0 != stop })))
        #expect(try alone(GenerationRequest(prompt: [1], maximumTokens: 0)) == .generated([]))
    }

    @Test func prefixesAreComputedOnceAndStayWithinTheirBytes() throws {
        let page = model.keyValueBytes(tokens: 1)
        let limits = GenerationLimits(jobs: 16, cacheBytes: 100 * page, prefixBytes: 5 * page)
        let batch = try GenerationBatch(model: model, limits: limits)
        let shared = Self.tokens(192, 1)
        for salt in 0..<10 {
            _ = try batch.join(GenerationRequest(prompt: shared + [UInt32(salt)], maximumTokens: 2))
        }
        // The first prompt alone, then the rest of all others at once.
        _ = batch.step()
        #expect(batch.count == 10 && batch.byteCount == 4 * page)
        _ = batch.step()
        // Three pages are shared; each job has one of its own, and a kept prompt holds it.
        #expect(batch.byteCount == 13 * page)
        _ = finish(batch)
        #expect(batch.byteCount <= 5 * page && batch.byteCount > 0)
    }

    @Test func batchesWithOneStoreComputeAPrefixOnce() throws {
        let page = model.keyValueBytes(tokens: 1)
        let store = PrefixStore(model: model, mostBytes: 20 * page)
        let batches = try (0..<2).map { _ in try GenerationBatch(model: model, limits: Self.limits, prefixes: store) }
        // More than goes through the model at once.
        let prompt = Self.tokens(700, 1)
        let expected = try alone(GenerationRequest(prompt: prompt + [5, 6], purpose: .logits))
        _ = try batches[0].join(GenerationRequest(prompt: prompt, purpose: .logits))
        _ = finish(batches[0])
        let second = try batches[1].join(GenerationRequest(prompt: prompt + [5, 6], purpose: .logits))
        let events = batches[1].step()
        #expect(events.map(\.job) == [second] && events.map(\.outcome) == [expected])
        #expect(batches[0].byteCount == batches[1].byteCount && store.caches.count == 1)
    }

    @Test func promptsOfWhichLeastIsLeftGoFirst() throws {
        let batch = try GenerationBatch(model: model, limits: Self.limits)
        let known = Self.tokens(300, 1)
        _ = try batch.join(GenerationRequest(prompt: known, purpose: .logits))
        _ = finish(batch)
        let long = try batch.join(GenerationRequest(prompt: Self.tokens(600, 2), purpose: .logits))
        let short = try batch.join(GenerationRequest(prompt: known + Self.tokens(40, 3), purpose: .logits))
        #expect(batch.step().map(\.job) == [short])
        #expect(batch.step().map(\.job) == [long])
    }

    @Test func aPromptIsNotPassedOverForEver() throws {
        let batch = try GenerationBatch(model: model, limits: Self.limits)
        let long = try batch.join(GenerationRequest(prompt: Self.tokens(600, 2), purpose: .logits))
        var steps = 0
        var isDone = false
        while !isDone, steps < 200 {
            // Two that are shorter fill every step.
            for salt in 0..<2 where batch.count < 3 {
                let prompt = [UInt32(2 * steps + salt)] + Self.tokens(255, salt + 3)
                _ = try batch.join(GenerationRequest(prompt: prompt, purpose: .logits))
            }
            isDone = batch.step().contains { $0.job == long }
            steps += 1
        }
        #expect(isDone && steps > GenerationBatch.mostStepsPassedOver)
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let page = model.keyValueBytes(tokens: 1)
        let limits = GenerationLimits(jobs: 2, cacheBytes: 3 * page, prefixBytes: 0)
        let batch = try GenerationBatch(model: model, limits: limits)
        #expect(throws: ModelError.noTokens) { try batch.join(GenerationRequest(prompt: [], maximumTokens: 1)) }
        #expect(throws: ModelError.tokenOutOfRange(token: 512, context: 0, position: 0, vocabulary: 512)) {
            try batch.join(GenerationRequest(prompt: [512], maximumTokens: 1))
        }
        let far = HookpointEdit(at: Hookpoint(block: 3, site: .residual), ZeroAblation())
        #expect(throws: ModelError.unknownHookpoint(name: "layers.3", blocks: 3)) {
            try batch.join(GenerationRequest(prompt: [1], maximumTokens: 1, edits: [far]))
        }
        #expect(throws: ModelError.cacheIsFull(needed: 4 * page, free: 3 * page)) {
            try batch.join(GenerationRequest(prompt: [1], maximumTokens: 200))
        }
        let first = try batch.join(GenerationRequest(prompt: [1], maximumTokens: 100))
        #expect(throws: ModelError.cacheIsFull(needed: 2 * page, free: page)) {
            try batch.join(GenerationRequest(prompt: [1], maximumTokens: 100))
        }
        _ = try batch.join(GenerationRequest(prompt: [1], maximumTokens: 1))
        #expect(throws: ModelError.batchIsFull(jobs: 2)) {
            try batch.join(GenerationRequest(prompt: [1], maximumTokens: 1))
        }
        batch.leave(first)
        batch.leave(first)
        #expect(batch.count == 1)
        _ = finish(batch)
        #expect(batch.byteCount == 0)
    }

    @Test func anEditThatFailsEndsItsJobOnly() throws {
        let batch = try GenerationBatch(model: model, limits: Self.limits)
        let wrong = HookpointEdit(at: Hookpoint(block: 0, site: .neurons), from: 4, AddedVector([1, 2]))
        let good = try batch.join(GenerationRequest(prompt: [1, 2, 3], maximumTokens: 6))
        let bad = try batch.join(GenerationRequest(prompt: [1, 2, 4], maximumTokens: 6, edits: [wrong]))
        let outcomes = finish(batch)
        #expect(outcomes[good] == (try alone(GenerationRequest(prompt: [1, 2, 3], maximumTokens: 6))))
        guard case .failed(.editFailed("layers.0.mlp.neurons", _)) = outcomes[bad] else {
            Issue.record("the edit should have failed")
            return
        }
    }
}
