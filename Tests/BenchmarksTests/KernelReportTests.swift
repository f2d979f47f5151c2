import Foundation
import LinearAlgebra
import Testing

@testable import Benchmarks

@Suite struct KernelReportTests {
    private let report = KernelReport(
        machine: Machine(
            cpu: "A CPU", kernel: CPUKernel(core: "SkylakeX", vector: .avx512), threads: 1, loadBefore: 0.5,
            loadAfter: nil),
        clock: .cpu, rounds: 3,
        figures: [
            KernelFigure(
                kernel: "panels", instructions: .avx2, unit: .operations, rates: [100, 90, 110], lower: nil,
                sgemm: KernelFigure.Baseline(name: "sgemm", rates: [200, 100, 100])),
            KernelFigure(
                kernel: "panels", instructions: .avx512, unit: .operations, rates: [43, 45, 44],
                lower: KernelFigure.Baseline(name: "avx2", rates: [100, 90, 110]),
                sgemm: KernelFigure.Baseline(name: "sgemm", rates: [200, 100, 100])),
        ])

    @Test func eachSetStandsBesideTheNextLowerAndSgemm() {
        let expected = """
            A CPU, 1 thread, kernel SkylakeX+avx512; load before and after 0.50 and –
            medians of 3 rounds, all instructions in turn, CPU time

            kernel  instructions  rate  unit   next lower  rate  ratio  sgemm  ratio
            ──────  ────────────  ────  ─────  ──────────  ────  ─────  ─────  ─────
            panels  avx2           100  GOP/s  –              –      –    100   0.90
            panels  avx512          44  GOP/s  avx2         100   0.43    100   0.44
            """
        #expect(report.text == expected)
    }

    @Test func theJSONHasAnObjectForEachSet() throws {
        let object = try JSONSerialization.jsonObject(with: Data(try report.json().utf8)) as? [String: Any]
        let kernels = try #require(object?["kernels"] as? [[String: Any]])
        #expect(kernels.map { $0["instructions"] as? String } == ["avx2", "avx512"])
        #expect(kernels[0]["lower"] == nil)
        #expect((kernels[1]["lower"] as? [String: Any])?["ratio"] as? Double == 0.43)
        #expect(kernels[1]["rate_rounds"] as? [Double] == [43, 45, 44])
    }

    @Test func everySetIsMeasuredInEveryRoundWithoutModelOrCoder() throws {
        let all = KernelWork.all()
        #expect(Set(all.map(\.name)).count == all.count)
        let work = try #require(all.first { $0.name.hasPrefix("dot product") })
        let figures = KernelComparison.figures(of: work, rounds: 2, clock: .cpu)
        #expect(figures.map(\.instructions) == VectorInstructions.available)
        #expect(figures.map { $0.lower?.name } == [nil] + figures.dropLast().map(\.instructions.rawValue))
        #expect(figures.allSatisfy { $0.rates.count == 2 && $0.rates.allSatisfy { $0 > 0 } && $0.sgemm == nil })
        #expect(throws: BenchmarkError.self) { try KernelComparison(rounds: 0, clock: .wall) }
    }

    @Test func allKernelsRunUnderEverySet() throws {
        for work in KernelWork.all() {
            for instructions in VectorInstructions.available {
                work.prepare(try #require(VectorKernels(instructions)))()
            }
            work.sgemm?()
            #expect(work.amount > 0 && (work.sgemm != nil) == (work.unit == .operations))
        }
    }
}
