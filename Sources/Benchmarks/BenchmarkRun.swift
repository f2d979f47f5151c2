internal import SparseCoders

/// Measures benchmarks one after the other; in each, baseline and work take turns, so that both see the same moments of a busy machine.
public struct BenchmarkRun: Sendable {
    private let settings: BenchmarkSettings
    private let benchmarks: [Benchmark]
    private let baselines: ProgramBaselines
    private let progress: @Sendable (String) -> Void

    /// Prepares a run; `progress` is told what is being done.
    public init(
        _ settings: BenchmarkSettings, benchmarks: [Benchmark] = Benchmark.allCases,
        baselines: ProgramBaselines = .none, progress: @escaping @Sendable (String) -> Void
    ) {
        self.settings = settings
        self.benchmarks = benchmarks
        self.baselines = baselines
        self.progress = progress
    }

    /// Measures everything.
    ///
    /// Throws if the files cannot be used. What one benchmark cannot measure is a note in its row.
    public func report() async throws -> BenchmarkReport {
        let load = Machine.load()
        progress("opening what is measured, looking for the fastest sgemm")
        let inputs = try BenchmarkInputs(settings, for: benchmarks)
        let peak = try await MatrixPeak(threads: settings.threads, seconds: inputs.seconds)
        var measurements: [Measurement] = []
        for benchmark in benchmarks {
            do {
                let trial = benchmark == .peak ? peak.trial() : try await Self.trial(of: benchmark, inputs)
                measurements.append(try await measure(benchmark, trial, peak))
            } catch {
                progress("\(benchmark.rawValue): \(error)")
                measurements.append(
                    Measurement(
                        benchmark: benchmark, title: "not measured", figures: [], baseline: nil, isPaired: false,
                        note: "\(error)"))
            }
        }
        return BenchmarkReport(
            machine: .current(threads: settings.threads, loadBefore: load), clock: settings.clock,
            rounds: settings.rounds, measurements: measurements, notes: baselines.notes)
    }

    /// Prepares a row.
    static func trial(of benchmark: Benchmark, _ inputs: BenchmarkInputs) async throws -> Trial {
        switch benchmark {
        case .peak:
            return try await MatrixPeak(threads: inputs.settings.threads, seconds: inputs.seconds).trial()
        case .memory: return MemoryBandwidth.trial(inputs)
        case .forward: return try ForwardWork.trial(inputs)
        case .ingest: return try IngestWork.trial(inputs)
        case .encode: return try await EncodeWork.trial(inputs.coder, tokens: 2048, jobs: 4, inputs)
        case .encodeWide:
            return try await EncodeWork.trial(try EncodeWork.wideCoder(inputs), tokens: 1024, jobs: 1, inputs)
        case .encodeMemory: return try await EncodeMemoryWork.trial(try EncodeWork.wideCoder(inputs), inputs)
        case .tokenise: return try TokeniseWork.trial(inputs)
        case .prompt: return try JudgeWork.reading(inputs)
        case .promptOne: return try PromptAloneWork.trial(inputs)
        case .decodeOne: return try JudgeWork.writing(answers: 1, tokens: 64, inputs)
        case .decodeMany: return try JudgeWork.writing(answers: 16, tokens: 32, inputs)
        case .reservoirFilling: return try await ReservoirWork.filling.trial(inputs.settings.threads, inputs.seconds)
        case .reservoirFull: return try await ReservoirWork.full.trial(inputs.settings.threads, inputs.seconds)
        case .reservoirMillion: return try await ReservoirWork.million.trial(inputs.settings.threads, inputs.seconds)
        case .records: return try RecordWork.trial(inputs.seconds)
        case .report: return try ReportWork.trial(inputs)
        case .start:
            guard let command = inputs.settings.startCommand else {
                throw BenchmarkError.notMeasurable(what: "the start", reason: "no program to start was given")
            }
            return FirstToken.trial(command, clock: inputs.settings.clock)
        }
    }

    private func measure(_ benchmark: Benchmark, _ trial: Trial, _ peak: MatrixPeak?) async throws -> Measurement {
        progress("\(benchmark.rawValue): \(trial.title)")
        // The first time pages are touched and weights expanded.
        _ = try await trial.measure()
        var figures: [Double] = []
        var bases: [Double] = []
        var peaks: [Double] = []
        for round in 1...settings.rounds {
            if let cost = trial.cost, let peak {
                peaks.append(try await peak.operationsPerSecond())
                if case .atPeak = trial.baseline { bases.append(peaks[round - 1] / cost.operations) }
            }
            if case .work(_, let work) = trial.baseline { bases.append(try await work()) }
            figures.append(try await trial.measure())
            let base = bases.last.map { ", baseline \(Figure.text($0))" } ?? ""
            progress(
                "\(benchmark.rawValue): round \(round) of \(settings.rounds): \(Figure.text(figures[round - 1])) \(benchmark.unit)\(base)"
            )
        }
        var baseline: Measurement.Baseline?
        var note: String?
        switch trial.baseline {
        case .none: break
        case .atPeak: baseline = Measurement.Baseline(name: "at peak", figures: bases)
        case .work(let name, _): baseline = Measurement.Baseline(name: name, figures: bases)
        case .program:
            if let program = baselines.programs[benchmark] {
                baseline = Measurement.Baseline(name: program.program, figures: program.figures)
            } else {
                note = "no figure of the other program was given; deploy/bench measures it"
            }
        }
        return Measurement(
            benchmark: benchmark, title: trial.title, figures: figures, baseline: baseline, isPaired: !bases.isEmpty,
            cost: trial.cost, peaks: peaks, note: note)
    }
}
