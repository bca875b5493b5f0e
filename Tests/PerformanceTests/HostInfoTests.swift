import Foundation
import RunRecords
import Testing

@testable import Performance

@Suite struct HostInfoTests {
    @Test func theHostIsDescribed() {
        let blas = BLASRecord(library: "OpenBLAS", version: "0.3.21", core: "Zen", threads: 2)
        let host = HostInfo.record(blas: blas, kernels: "avx2")
        #expect(host.blas == blas)
        #expect(host.kernels == "avx2")
        #expect(!host.cpu.isEmpty && !host.os.isEmpty)
        #expect(host.logicalCores >= 1 && host.logicalCores <= ProcessInfo.processInfo.processorCount)
        #expect(host.memoryBytes > 16 << 20)
        #expect(host.kernel.contains("."))
    }

    @Test func cpuModelsAndFeatures() {
        let x86 = """
            processor\t: 0
            model name\t: Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz
            flags\t\t: fpu vme avx avx2 fma f16c avx512f avx512_bf16 rdtscp amx_bf16

            processor\t: 1
            model name\t: another
            """
        #expect(HostInfo.cpuModel(cpuinfo: x86) == "Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz")
        #expect(
            HostInfo.features(cpuinfo: x86) == ["avx", "avx2", "fma", "f16c", "avx512f", "avx512_bf16", "amx_bf16"])
        let arm =
            "processor\t: 0\nFeatures\t: fp asimd evtstrm asimdhp bf16\nCPU implementer\t: 0x41\nCPU part\t: 0xd4f\n"
        #expect(HostInfo.cpuModel(cpuinfo: arm) == "Arm Neoverse V2")
        #expect(HostInfo.features(cpuinfo: arm) == ["asimd", "asimdhp", "bf16"])
        let other = "CPU implementer\t: 0xc0\nCPU part\t: 0xac3\n"
        #expect(HostInfo.cpuModel(cpuinfo: other) == "arm64, implementer 0xc0, part 0xac3")
    }

    @Test func theSystemHasItsPrettyName() {
        let release = "NAME=\"Debian GNU/Linux\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"
        #expect(HostInfo.operatingSystem(release: release) == "Debian GNU/Linux 12 (bookworm)")
    }

    @Test func listsOfCores() {
        #expect(HostInfo.cores(inList: "0-3,8\n") == [0, 1, 2, 3, 8])
        #expect(HostInfo.cores(inList: "5") == [5])
        for list in ["", "3-1", "a", "1-2-3", "-1", "0-99999999999"] { #expect(HostInfo.cores(inList: list) == nil) }
    }

    @Test func aQuotaBoundsTheCores() {
        let all = HostInfo.logicalCores(quota: nil)
        #expect(HostInfo.logicalCores(quota: 0.5) == 1)
        #expect(HostInfo.logicalCores(quota: Double(all) + 0.5) == all)
        #expect(HostInfo.memoryBytes(limit: 1 << 20) == 1 << 20)
    }
}

@Suite struct ContainerLimitsTests {
    /// Lays out control group files below a folder of its own.
    private func limits(_ files: [String: String], membership: String) throws -> ContainerLimits {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("cgroup-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let file = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return ContainerLimits.read(root: root.path, membership: membership)
    }

    @Test func theTightestGroupOfVersion2Counts() throws {
        let files = [
            "cpu.max": "max 100000\n", "a/cpu.max": "150000 100000\n", "a/b/cpu.max": "300000 100000\n",
            "a/memory.max": "2147483648\n", "a/b/memory.max": "max\n",
        ]
        #expect(
            try limits(files, membership: "0::/a/b\n") == ContainerLimits(cores: 1.5, memoryBytes: 2_147_483_648))
    }

    @Test func controllersOfVersion1AreReadApart() throws {
        let files = [
            "cpu/box/cpu.cfs_quota_us": "-1\n", "cpu/box/cpu.cfs_period_us": "100000\n",
            "cpu/cpu.cfs_quota_us": "400000\n", "cpu/cpu.cfs_period_us": "100000\n",
            "memory/box/memory.limit_in_bytes": "1048576\n",
        ]
        let membership = "3:cpu,cpuacct:/box\n2:memory:/box\n1:name=systemd:/\n"
        #expect(try limits(files, membership: membership) == ContainerLimits(cores: 4, memoryBytes: 1_048_576))
    }

    @Test func whatIsLeftOfALimitCountsFilesThatCanBeDropped() throws {
        let files = [
            "a/memory.max": "1000000\n", "a/memory.current": "700000\n",
            "a/memory.stat": "anon 300000\nfile 400000\ninactive_file 350000\n",
            "memory.max": "2000000\n", "memory.current": "1900000\n",
        ]
        let found = try limits(files, membership: "0::/a\n")
        #expect(found.memoryBytes == 1_000_000 && found.availableBytes == 100_000)
        let first = [
            "memory/memory.limit_in_bytes": "500\n", "memory/memory.usage_in_bytes": "600\n",
            "memory/memory.stat": "total_inactive_file 50\n",
        ]
        #expect(try limits(first, membership: "2:memory:/\n").availableBytes == 0)
        #expect((HostInfo.availableMemoryBytes ?? 0) > 16 << 20)
    }

    @Test func withoutGroupsThereAreNoLimits() throws {
        #expect(try limits([:], membership: "0::/\nnonsense\n") == ContainerLimits())
    }
}
