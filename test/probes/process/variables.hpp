#pragma once

extern "C" int other_step(int turn);
