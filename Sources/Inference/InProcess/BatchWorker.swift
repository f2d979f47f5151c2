import LanguageModels

/// One worker's batch and the callers who wait for its jobs.
///
/// It is made on a worker's thread and used there only.
final class BatchWorker {
    private let batch: GenerationBatch
    private let name: String
    private var callers: [Int: PendingAnswer] = [:]
    /// Taken, but without room so far.
    private var held: [PendingAnswer] = []

    /// How many more callers it can serve.
    var room: Int { max(batch.limits.jobs - batch.count - held.count, 0) }

    init(batch: GenerationBatch, name: String) {
        self.batch = batch
        self.name = name
    }

    /// Takes requests on and goes on by one step, with helpers if they are free; returns how many callers it is done with.
    func turn(_ requests: [PendingAnswer], helpers: Int) -> Int {
        var done = 0
        for (job, caller) in callers where caller.isAnswered {
            batch.leave(job)
            callers[job] = nil
            done += 1
        }
        let waiting = held + requests
        held = []
        for caller in waiting where !join(caller) { done += 1 }
        for event in batch.step(helpers: helpers) {
            switch event.outcome {
            case .token: continue
            case .generated, .logProbabilities, .alternatives, .logits:
                callers[event.job]?.answer(.success(event))
            case .failed(let error): callers[event.job]?.answer(.failure(failure(error)))
            }
            if callers.removeValue(forKey: event.job) != nil { done += 1 }
        }
        return done
    }

    /// Takes a request on or holds it until there is room; `false` if it was answered already or never fits.
    private func join(_ caller: PendingAnswer) -> Bool {
        if caller.isAnswered { return false }
        do {
            callers[try batch.join(caller.request)] = caller
            return true
        } catch .batchIsFull where batch.count > 0, .cacheIsFull where batch.count > 0 {
            held.append(caller)
            return true
        } catch {
            caller.answer(.failure(failure(error)))
            return false
        }
    }

    private func failure(_ error: ModelError) -> InferenceError {
        switch error {
        case .contextTooLong, .cacheIsFull: InferenceError(.tooLong, "\(name): \(error)")
        default: InferenceError(.badAnswer, "\(name): \(error)")
        }
    }
}
