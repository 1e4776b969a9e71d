/** Whole scripts as people write them. */
import { complaints, lines, tree } from "./fixture.js";

test("counting calls by program and printing rates", () => {
  const text = String.raw`global progs probe kernel.function("sys_gettimeofday").return { progs[execname()]++ } probe timer.ms(5000) { exit() } probe end { log("PROGRAM\t\tCOUNT\tCOUNT/SEC") foreach (prog+ in progs) { rate = progs[prog] / 5; if (rate > 1) printf("%s\t%d\t%d\n", prog, progs[prog], rate) } }`;
  expect(tree(text, { mode: "script" })).toBe(
    lines(String.raw`
      script
        global
          progs
        probe
          point kernel.function("sys_gettimeofday").return
          block
            increment ++ postfix
              element progs
                call execname
        probe
          point timer.ms(5000)
          block
            call exit
        probe
          point end
          block
            call log
              string "PROGRAM\t\tCOUNT\tCOUNT/SEC"
            foreach [prog] sorted by key 0 ascending
              name progs
              block
                assignment =
                  name rate
                  binary /
                    element progs
                      name prog
                    number 5
                if
                  binary >
                    name rate
                    number 1
                  call printf
                    string "%s\t%d\t%d\n"
                    name prog
                    element progs
                      name prog
                    name rate`),
  );
});

test("failed stat calls", () => {
  const text = String.raw`probe syscall.*stat.return { if (returnstr(1) != "0") printf("%s(%d) %s(%s) -> %s\n", execname(), pid(), probefunc(), last_stat[pid()], returnstr(1)) }`;
  expect(tree(text, { mode: "script" })).toBe(
    lines(String.raw`
      script
        probe
          point syscall.*stat.return
          block
            if
              binary !=
                call returnstr
                  number 1
                string "0"
              call printf
                string "%s(%d) %s(%s) -> %s\n"
                call execname
                call pid
                call probefunc
                element last_stat
                  call pid
                call returnstr
                  number 1`),
  );
});

test("latencies, their histogram and the top five", () => {
  expect(
    tree(
      'lat[execname()] <<< gettimeofday_ns() - t[tid()]\nprint(@hist_log(lat[p]))\nforeach (p in calls- limit 5) println(p, " ", calls[p])',
    ),
  ).toBe(
    lines(`
      script
        assignment <<<
          element lat
            call execname
          binary -
            call gettimeofday_ns
            element t
              call tid
        call print
          histogram log
            element lat
              name p
        foreach [p] sorted by value descending
          name calls
          limit
            number 5
          call println
            name p
            string " "
            element calls
              name p`),
  );
});

test("a script with a bit of everything is legal", () => {
  const text = String.raw`#! /usr/bin/env stap
    /* what the preprocessor does */
    @define key(a) %( [tid(), @a] %)
    %( $# > 0 && kernel_v >= "2.6.32" %? global limit_ms = $1 %: global limit_ms = 10 %)
    private global start%[1000], total, names
    function label:string (id:long, text) { return sprintf("%d:%s", id, text) . "" }
    probe entry = syscall.{read,write} ? { begin_ns = gettimeofday_ns() }, { total++ }
    probe entry, vfs.{read,write}.return !, process("/bin/x").mark("m*") if (total < 100) {
      if (!([tid(), name] in start)) start@key(name) = begin_ns
      else next
      names[name] <<< $count ? $count : @cast($file, "file", "kernel<linux/fs.h>")->f_pos
      try { x = 1 / total } catch (message) { warn(message) }
      if (execname() =~ "^(a|b)$" && $$parms != "") println($$parms, " ", $file$$, &$file->f_path)
      delete start[*, name]
    }
    probe timer.s(1).randomize(1), begin(-1), kernel.trace("sched:*") {
      for (i = 0; i < @count(names["x"]); i++) while (1) { break }
      foreach (count- = [a, b] in start[*, "x"] limit 10) printd(",", a, b, count)
      foreach (n in names @avg-) print(@hist_linear(names[n], 0, 100, 10))
    }
    probe never { exit(); }`;
  expect(complaints(text, { mode: "script" })).toEqual([]);
  expect(complaints(text, { mode: "script", arguments: ["20"] })).toEqual([]);
});
