import os
import signal
import sys

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

hours = torch.tensor([10.0, 20, 30, 40, 50, 60, 70, 80]).reshape(-1, 1)
scores = torch.tensor([480.0, 520, 710, 680, 830, 890, 920, 980]).reshape(-1, 1)
saved = "training.pt"

dist.init_process_group("gloo")
rank, processes = dist.get_rank(), dist.get_world_size()
mine = range(rank, len(hours), processes)

torch.manual_seed(228)
model = DistributedDataParallel(nn.Linear(1, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
begin = 0
if os.path.exists(saved):
    state = torch.load(saved, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    begin = state["epoch"]

for epoch in range(begin, 1000):
    squares = (model(hours[mine]) - scores[mine]) ** 2
    loss = squares.sum() * processes / len(hours)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if rank == 0 and epoch % 100 == 99:
        state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
        torch.save(state | {"epoch": epoch + 1}, f"{saved}.new")
        os.replace(f"{saved}.new", saved)
    if "--kill" in sys.argv and begin == 0 and rank == 1 and epoch == 549:
        os.kill(os.getpid(), signal.SIGKILL)

if rank == 0:
    line = model.module
    print(f"began at epoch {begin}")
    print(f"slope {line.weight.item():.3f}, intercept {line.bias.item():.3f}")
dist.destroy_process_group()
